import type { AppError } from '../errors/app-error.js';
import { fieldRefused } from '../errors/validation-failed.js';

/** One page of a list, as REST and frames show it. */
export interface Page<Item> {
  readonly data: Item[];
  /** Pass it as `cursor` to get what follows; null on the last page. */
  readonly next_cursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export const PAGE_LIMIT_DEFAULT = 50;
export const PAGE_LIMIT_MAX = 200;

/** The lists there are: a cursor of one is refused by another. */
export type ListName = 'threads' | 'messages' | 'events' | 'admin';

/** Opaque to clients: what it holds may change. */
export function encodeCursor(list: ListName, position: string | number): string {
  return Buffer.from(`${list}:${position}`).toString('base64url');
}

/** The position in a cursor. Throws validation_failed for anything that this list didn't give out. */
export function decodeCursor(list: ListName, cursor: string): string {
  const [name, position, ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (name !== list || position === undefined || position === '' || rest.length > 0) throw invalidCursor();
  return position;
}

/** The position of a list that counts. */
export function decodeNumberCursor(list: ListName, cursor: string): number {
  const position = Number(decodeCursor(list, cursor));
  if (!Number.isSafeInteger(position) || position < 0) throw invalidCursor();
  return position;
}

/** Cuts rows, of which one more than asked for was read, into a page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  shape: { readonly item: (row: Row) => Item; readonly cursor: (last: Row) => string },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? shape.cursor(last) : null;
  return { data: shown.map(shape.item), next_cursor: next };
}

export const invalidCursor = (): AppError => fieldRefused('cursor', 'Not a cursor of this list.');
