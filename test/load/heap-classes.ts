import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const snapshot = z.object({
  snapshot: z.object({ meta: z.object({ node_fields: z.array(z.string()), node_types: z.array(z.unknown()) }) }),
  nodes: z.array(z.number()),
  strings: z.array(z.string()),
});
const typeNames = z.array(z.string());

/** How many objects of each class, and how many functions with each name, a heap snapshot has. https://nodejs.org/api/v8.html#v8writeheapsnapshotfilenameoptions */
export async function heapClasses(file: string): Promise<Map<string, number>> {
  const { snapshot: head, nodes, strings } = snapshot.parse(JSON.parse(await readFile(file, 'utf8')));
  const { node_fields: fields, node_types: types } = head.meta;
  const names = typeNames.parse(types[fields.indexOf('type')]);
  const [typeAt, nameAt] = [fields.indexOf('type'), fields.indexOf('name')];
  const counts = new Map<string, number>();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = names[nodes[node + typeAt] ?? -1];
    if (type !== 'object' && type !== 'closure') continue;
    const name = `${type === 'closure' ? 'function ' : ''}${strings[nodes[node + nameAt] ?? -1] ?? ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
