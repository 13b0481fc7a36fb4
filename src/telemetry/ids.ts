import { Injectable } from '@nestjs/common';
import { v7, validate } from 'uuid';

/** The one source of ids: UUID version 7, so that primary keys are inserted in order of time. */
@Injectable()
export class Ids {
  next(): string {
    return v7();
  }
}

/** Whether text can be the value of a uuid column. Anything else would be an error of the query, not an empty answer. */
export const isId = (text: unknown): text is string => typeof text === 'string' && validate(text);
