import { z } from 'zod';
import { IMPORT_FORMATS } from '../importers/importers.js';
import { SUMMARY_DIMENSIONS, SUMMARY_GRAINS } from '../usage-summary.js';

const TEXT_CHARS_MAX = 200;
const TAGS_MAX = 20;
const DIMENSIONS_MAX = 3;
const PAGE_MAX = 100;
const PAGE_DEFAULT = 50;

const text = z
  .string()
  .trim()
  .min(1)
  .max(TEXT_CHARS_MAX)
  .regex(/^\P{Cc}*$/u, 'must not have control characters');

/** "team:x,region:eu" as {team: "x", region: "eu"}. */
const tags = z
  .string()
  .transform((value) => value.split(',').filter((tag) => tag.trim() !== ''))
  .pipe(
    z
      .array(z.string().regex(/^[\w.-]{1,64}:\P{Cc}{1,200}$/u, 'must be name:value'))
      .max(TAGS_MAX)
      .transform((list): Record<string, string> =>
        Object.fromEntries(list.map((tag) => splitAt(tag, tag.indexOf(':')))),
      ),
  );

export const importQuery = z.object({
  format: z.enum(IMPORT_FORMATS).default('auto'),
  price_as: text.optional(),
  tags: tags.default({}),
  /** Data that was generated: it is marked so in every report. */
  synthetic: z.stringbool().default(false),
  /** The file is later than what is there: what it says of a bucket or a line of a bill counts, also where that is less. */
  supersedes: z.stringbool().default(false),
  label: text.optional(),
});

export const importsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  cursor: z.uuid().optional(),
});

const moment = z.iso
  .datetime({ offset: true })
  .or(z.iso.date())
  .transform((value) => new Date(value));

export const summaryQuery = z.object({
  from: moment.optional(),
  /** Exclusive. */
  to: moment.optional(),
  group_by: z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .pipe(z.array(z.enum(SUMMARY_DIMENSIONS)).max(DIMENSIONS_MAX))
    .default([]),
  grain: z.enum(SUMMARY_GRAINS).default('total'),
});

export type ImportQuery = z.output<typeof importQuery>;
export type ImportsQuery = z.output<typeof importsQuery>;
export type SummaryQuery = z.output<typeof summaryQuery>;

const splitAt = (value: string, index: number): [string, string] => [
  value.slice(0, index).trim(),
  value.slice(index + 1).trim(),
];
