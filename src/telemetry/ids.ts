import { randomFillSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7, validate } from 'uuid';

const ID_BYTES = 16;
/** Random bytes are fetched for so many ids at a time: a call for each costs more than the rest of the id. */
const IDS_AT_ONCE = 256;

const pool = new Uint8Array(ID_BYTES * IDS_AT_ONCE);
let used = pool.length;
let lastMs = 0;
let sequence = 0;

/** A UUID version 7. Ids of a process grow, also within a millisecond (RFC 9562, section 6.2, method 1). */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += ID_BYTES));
  const nowMs = Date.now();
  const isNewer = nowMs > lastMs;
  lastMs = isNewer ? nowMs : lastMs;
  sequence = isNewer ? startOf(random) : sequence + 1;
  return v7({ random, msecs: lastMs, seq: sequence });
}

/** 31 random bits, so that a millisecond's ids have room to grow. */
const startOf = ([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): number =>
  ((first & 0x7f) << 24) | (second << 16) | (third << 8) | fourth;

/** The one source of ids: UUID version 7, so that primary keys are inserted in order of time. */
@Injectable()
export class Ids {
  next(): string {
    return newId();
  }
}

/**
 * Whether text can be the value of a uuid column, written as this server writes ids: anything else would be an error of the query, not an
 * empty answer, and in capitals one thread would be two for whatever goes by its id.
 */
export const isId = (text: unknown): text is string =>
  typeof text === 'string' && validate(text) && text === text.toLowerCase();
