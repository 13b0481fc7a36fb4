import { BadRequestException, HttpException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from './app-error.js';
import { UnexpectedErrors } from './unexpected-errors.js';

let logged: { event: string; fields: Record<string, unknown> }[];
let errors: UnexpectedErrors;
beforeEach(() => {
  logged = [];
  errors = new UnexpectedErrors({ next: () => 'id-1' }, { error: (event, fields) => logged.push({ event, fields }) });
});

const parserError = (type: string) => Object.assign(new SyntaxError('Unexpected token: "password":"x"'), { type });

describe('an error at the edge', () => {
  it('of the catalogue stays as it is', () => {
    const error = new AppError('thread_busy', 'Busy.');
    expect(errors.toAppError(error)).toBe(error);
    expect(logged).toEqual([]);
  });

  it.each<[HttpException, string]>([
    [new NotFoundException('Cannot GET /x'), 'not_found'],
    [new BadRequestException('no'), 'validation_failed'],
    [new BadRequestException('no', { cause: parserError('entity.parse.failed') }), 'invalid_json'],
    [new HttpException('no', 413), 'message_too_large'],
    [new HttpException('no', 415), 'validation_failed'],
    [new HttpException('no', 418), 'validation_failed'],
    [new HttpException('no', 429), 'rate_limited'],
    [new HttpException('no', 503), 'service_unavailable'],
  ])('of Nest (%p) is %s, in our words', (exception, code) => {
    const error = errors.toAppError(exception);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('password');
    expect(error.message).not.toBe(exception.message);
    expect(logged).toEqual([]);
  });

  it.each([new TypeError('secret'), new InternalServerErrorException('secret'), 'secret', undefined, null])(
    'that nobody expected (%p) is internal, with an id under which it is logged once',
    (thrown) => {
      const error = errors.toAppError(thrown);
      expect(error.toWire()).toMatchObject({ code: 'internal', error_id: 'id-1' });
      expect(JSON.stringify(error.toWire())).not.toContain('secret');
      expect(logged).toEqual([{ event: 'unexpected_error', fields: { error_id: 'id-1', error: thrown } }]);
    },
  );
});
