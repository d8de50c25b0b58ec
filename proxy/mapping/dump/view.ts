// The view of a dump by a set of rules, as a device that has just that would have it.
import { type RuleBook, translatedModel, type TranslatedModel } from '../rules/translated-model.ts';
import { translatedView } from '../translated-view.ts';
import type { View } from '../view.ts';
import type { DumpCpe } from './cpe.ts';

/** RPCs that every CPE has (TR-069 table 3), and those of files and transfers. */
const METHODS = ['GetRPCMethods', 'AddObject', 'DeleteObject', 'Reboot', 'FactoryReset', 'Download', 'Upload'];

export const modelOfDump = (cpe: DumpCpe, book: RuleBook): TranslatedModel =>
  translatedModel(book, cpe.tree.root, cpe.catalogue, METHODS);

/** Numbers are given, and remembered by the CPE. */
export const viewOfDump = (cpe: DumpCpe, model: TranslatedModel): Promise<View> =>
  translatedView(model, cpe.tree, cpe.remembered).fit(cpe, cpe.tree);
