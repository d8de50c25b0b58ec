// Device.InterfaceStack.: no CPE of TR-098 has it, and it says nothing but what the LowerLayers of all interfaces say (TR-181
// §4.3). So its rows are made of them, one for each pair. Pure.
import type { Binding } from './binding.ts';

export const STACK = 'Device.InterfaceStack.';
/** The name under which the numbers of its rows are remembered. */
export const STACK_NUMBERS = 'interfaceStack';

export interface Edge {
  readonly key: string;
  readonly higher: string;
  readonly lower: string;
}

const LOWER_LAYERS = 'LowerLayers';

/** Every interface above another, each pair once. */
export function edgesOf(
  objects: Iterable<{ readonly path: string; readonly bindings: ReadonlyMap<string, Binding> }>,
): readonly Edge[] {
  const edges = new Map<string, Edge>();
  for (const { path, bindings } of objects) {
    const layers = bindings.get(LOWER_LAYERS);
    if (layers?.kind !== 'fixed') continue;
    const higher = path.slice(0, -1);
    for (const lower of layers.value.split(',').filter((one) => one !== '')) {
      const key = `${higher} ${lower}`.replaceAll('Device.', '');
      edges.set(key, { key, higher, lower });
    }
  }
  return [...edges.values()];
}

export const rowOfEdge = ({ higher, lower }: Edge): ReadonlyMap<string, Binding> =>
  new Map([
    ['HigherLayer', { kind: 'fixed', value: higher, place: undefined }],
    ['LowerLayer', { kind: 'fixed', value: lower, place: undefined }],
  ]);
