import type { SourceRecord } from '../reading/source-record.js';
import { countOf, flagOf, millisecondsOf, moneyOf, secondsOf, textOf, timeOf } from './field-values.js';

/** The names under which each field may come, best first. */
export type Aliases<Field extends string> = Readonly<Record<Field, readonly string[]>>;

/** How a name is compared: "Request tokens", "request_tokens" and "requestTokens" are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Layouts that are remembered: a CSV file has one, JSON rows have a few. */
const LAYOUTS_MAX = 200;

/** Finds the fields of an importer in records, by name, never by position. */
export class FieldReader<Field extends string> {
  private readonly fieldOf = new Map<string, Field>();
  private readonly layouts = new Map<string, Layout<Field>>();
  private lastNames: readonly string[] | undefined;
  private lastLayout: Layout<Field> | undefined;

  constructor(private readonly aliases: Aliases<Field>) {
    for (const field of fieldsOf(aliases))
      for (const alias of aliases[field]) this.fieldOf.set(plainName(alias), field);
  }

  read(record: SourceRecord): Fields<Field> {
    if (record.names !== this.lastNames || this.lastLayout === undefined) {
      this.lastNames = record.names;
      this.lastLayout = this.layoutOf(record.names);
    }
    return new Fields(record, this.lastLayout);
  }

  /** Which of the fields a record with these names has. */
  has(names: readonly string[], ...fields: readonly Field[]): boolean {
    const { positions } = this.layoutOf(names);
    return fields.every((field) => positions.has(field));
  }

  private layoutOf(names: readonly string[]): Layout<Field> {
    const key = names.join('\n');
    const known = this.layouts.get(key);
    if (known !== undefined) return known;
    if (this.layouts.size >= LAYOUTS_MAX) this.layouts.clear();
    const layout = this.newLayout(names);
    this.layouts.set(key, layout);
    return layout;
  }

  private newLayout(names: readonly string[]): Layout<Field> {
    const plain = names.map(plainName);
    const positions = new Map<Field, readonly number[]>();
    for (const field of fieldsOf(this.aliases)) {
      const found = this.aliases[field].flatMap((alias) => positionsOf(plain, plainName(alias)));
      if (found.length > 0) positions.set(field, found);
    }
    return {
      positions,
      extras: names.flatMap((name, index) => (this.fieldOf.has(plainName(name)) ? [] : [{ name, index }])),
    };
  }
}

/** Two columns may have what is the same name to us. */
const positionsOf = (names: readonly string[], name: string): number[] =>
  names.flatMap((each, index) => (each === name ? [index] : []));

interface Layout<Field extends string> {
  /** Where the values of a field may be, best first. */
  readonly positions: ReadonlyMap<Field, readonly number[]>;
  readonly extras: readonly { readonly name: string; readonly index: number }[];
}

/** The fields of one record. Each reading throws RejectedRow when the value is there and is not what it should be. */
export class Fields<Field extends string> {
  constructor(
    private readonly record: SourceRecord,
    private readonly layout: Layout<Field>,
  ) {}

  /** The value as it came, from the first name that has one; undefined when empty. */
  value(field: Field): unknown {
    const positions = this.layout.positions.get(field);
    if (positions === undefined) return undefined;
    for (const position of positions) {
      const value = this.record.values[position];
      if (value !== undefined && value !== null && !(typeof value === 'string' && isBlank(value))) return value;
    }
    return undefined;
  }

  text(field: Field): string | undefined {
    return textOf(this.value(field));
  }

  count(field: Field): number | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : countOf(value, field);
  }

  money(field: Field): bigint | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : moneyOf(value, field);
  }

  milliseconds(field: Field): number | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : millisecondsOf(value, field);
  }

  /** A duration that comes in seconds, in milliseconds. */
  seconds(field: Field): number | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : secondsOf(value, field);
  }

  time(field: Field): Date | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : timeOf(value, field);
  }

  flag(field: Field): boolean | undefined {
    return flagOf(this.value(field));
  }

  /** Columns that no importer knows, by name. */
  extras(): [string, unknown][] {
    return this.layout.extras.map(({ name, index }) => [name, this.record.values[index]]);
  }

  /** All values, for a row that has no id of its own. */
  content(): string {
    return JSON.stringify(this.record.values);
  }
}

/** Most values start with a character of ASCII that is no blank. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && text.trim() === '';
}

function fieldsOf<Field extends string>(aliases: Aliases<Field>): Field[] {
  const fields: Field[] = [];
  for (const field in aliases) fields.push(field);
  return fields;
}
