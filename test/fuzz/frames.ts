import { CLIENT_FRAME_TYPES, TYPE_ALIASES } from '@goldenpath/protocol';
import fc from 'fast-check';

/** A frame as it is put on the wire: its text, whether it claims to be text, and in how many pieces it comes. */
export interface FuzzFrame {
  readonly text: string;
  readonly binary: boolean;
  readonly fragments: number;
}

/** Ids that exist, so that not every reference ends at "not found". */
export interface KnownIds {
  readonly userId: string;
  readonly ownThreadId: string;
  readonly foreignThreadId: string;
}

const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '\u0000', '\ud800', ''];
const NUMBERS = [-1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324];
/** Numbers that JavaScript can't write. */
const NUMERALS = ['1e999', '-1e999', '123456789012345678901234567890', '0.1e-400', '-0'];
const LARGER_THAN_A_FRAME = 8_193;

const wrong = fc.oneof(
  fc.constantFrom<unknown>(null, true, ...POISON, ...NUMBERS),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Every field that some frame has, right or wrong. Texts that would start a run are rare: a run is worth a thousand frames. */
function fields(known: KnownIds): fc.Arbitrary<Record<string, unknown>> {
  const thread = fc.constantFrom(known.ownThreadId, known.foreignThreadId, '01920000-0000-7000-8000-000000000000');
  const position = fc.record({ thread_id: either(thread), after_seq: either(fc.nat(20)), log_id: wrong });
  const rarelyText = fc.oneof(
    { weight: 300, arbitrary: wrong.filter((value) => typeof value !== 'string') },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 40 }) },
  );
  return fc.record(
    {
      id: either(fc.string({ maxLength: 64 })),
      user_id: fc.oneof({ weight: 3, arbitrary: fc.constant(known.userId) }, { weight: 1, arbitrary: wrong }),
      token: either(fc.constant('')),
      text: rarelyText,
      thread_id: either(thread),
      message_id: either(fc.string({ maxLength: 70 })),
      if_busy: either(fc.constantFrom('enqueue', 'reject', 'interrupt')),
      priority: either(fc.constantFrom('low', 'normal', 'high')),
      metadata: wrong,
      agent: either(fc.constant('supervisor')),
      run_id: either(thread),
      tool_call_id: wrong,
      approved: either(fc.boolean()),
      reason: wrong,
      threads: fc.oneof(fc.array(fc.oneof(position, thread, wrong), { maxLength: 5 }), wrong),
      all: either(fc.constant(true)),
      seq: either(fc.nat(30)),
      title: either(fc.string({ maxLength: 220 })),
      limit: either(fc.integer({ min: -1, max: 300 })),
      cursor: either(fc.base64String({ maxLength: 80 })),
      payload: fc.oneof(fc.record({ thread_id: thread, run_id: thread }), wrong),
    },
    { requiredKeys: [] },
  );
}

const either = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: wrong });

/** A bad token ends the connection as it should; as every fourteenth frame it would end all of them. */
const TYPES = [...CLIENT_FRAME_TYPES.filter((type) => type !== 'authenticate'), ...Object.keys(TYPE_ALIASES)];

function objects(known: KnownIds): fc.Arbitrary<Record<string, unknown>> {
  const type = fc.oneof(
    { weight: 200, arbitrary: fc.constantFrom(...TYPES) },
    { weight: 20, arbitrary: wrong },
    { weight: 1, arbitrary: fc.constant('authenticate') },
  );
  const plain = fc.tuple(type, fields(known)).map(([name, rest]) => ({ type: name, ...rest }));
  const version = fc.oneof({ weight: 9, arbitrary: fc.constant('2.0') }, { weight: 1, arbitrary: wrong });
  const request = fc
    .tuple(fc.record({ jsonrpc: version, method: type, id: either(fc.nat()) }, { requiredKeys: ['jsonrpc'] }), plain)
    .map(([envelope, params]): Record<string, unknown> => ({ ...envelope, params }));
  const badParams = fc.tuple(request, wrong).map(([frame, params]) => ({ ...frame, params }));
  return fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 3, arbitrary: request },
    { weight: 1, arbitrary: badParams },
  );
}

function texts(known: KnownIds): fc.Arbitrary<string> {
  const whole = objects(known).map((value) => JSON.stringify(value));
  const cut = fc.tuple(whole, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1)));
  const numbers = fc.tuple(whole, fc.constantFrom(...NUMERALS)).map(([text, numeral]) => text.replace(/\d+/, numeral));
  const poisoned = fc
    .tuple(whole, fc.constantFrom(...POISON), fc.jsonValue({ maxDepth: 2 }))
    .map(([text, key, value]) => text.replace('{', `{${JSON.stringify(key)}:${JSON.stringify(value)},`));
  const nested = fc
    .tuple(
      fc.constantFrom<[string, string]>(['[', ']'], ['{"a":', '}'], ['[', '']),
      fc.integer({ min: 20, max: 9_000 }),
    )
    .map(([[open, close], depth]) => `{"type":"ping","x":${open.repeat(depth)}1${close.repeat(depth)}}`);
  const large = fc
    .tuple(whole, fc.integer({ min: LARGER_THAN_A_FRAME, max: 200_000 }))
    .map(([text, length]) => text.padEnd(length));
  return fc.oneof(
    { weight: 60, arbitrary: whole },
    { weight: 8, arbitrary: cut },
    { weight: 8, arbitrary: numbers },
    { weight: 8, arbitrary: poisoned },
    { weight: 5, arbitrary: fc.array(whole, { maxLength: 4 }).map((items) => `[${items.join()}]`) },
    { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
    { weight: 2, arbitrary: nested },
    { weight: 1, arbitrary: large },
  );
}

/** Junk, half JSON, deep nesting, huge numbers, prototype keys, batches, unknown types, wrong fields of every type; whole or in pieces. */
export const fuzzFrames = (known: KnownIds): fc.Arbitrary<FuzzFrame> =>
  fc.record({
    text: texts(known),
    binary: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    fragments: fc.oneof(
      { weight: 5, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
    ),
  });
