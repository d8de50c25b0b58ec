// What every Agent of every tenant has before anybody has said anything: rows under those of the tenant's template.
import { overlay, parseRows, type Rows } from './rows.ts';

export const FACTORY_ROWS: Rows = { tables: {}, next: {} };

/** The rows that a tenant's devices start from, of its template as it is stored. */
export const templateRows = (stored: string): Rows => overlay(FACTORY_ROWS, parseRows(stored));
