import ts from 'typescript';

const ENTRY = 'libs/protocol/src/index.ts';

/** A JSON Schema (draft 7), as far as the types of the wire need one. */
export interface JsonSchema {
  [keyword: string]: unknown;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  /** The shapes, where there are several. */
  anyOf?: JsonSchema[];
}

export interface WireTypes {
  /** Schemas of the frames, by the value of their `type`; what has several shapes is an `anyOf`. */
  client: Record<string, JsonSchema>;
  server: Record<string, JsonSchema>;
  events: Record<string, JsonSchema>;
  /** Objects that frames share, by the name of their type. */
  shared: Record<string, JsonSchema>;
}

/** Reads the types of libs/protocol: what the compiler holds server and clients to is what the documents say. */
export function wireTypes(): WireTypes {
  const program = ts.createProgram([ENTRY], { strict: true, noEmit: true, module: ts.ModuleKind.NodeNext });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(ENTRY);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${ENTRY} can't be read`);
  const exported = new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol]));
  const schemas = new TypeSchemas(checker);
  const union = (name: string): Record<string, JsonSchema> => {
    const symbol = exported.get(name);
    if (!symbol) throw new Error(`${ENTRY} does not export ${name}`);
    return schemas.byType(checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol)));
  };
  return {
    client: union('ClientFrame'),
    server: union('ServerFrame'),
    events: union('ThreadEvent'),
    shared: schemas.shared,
  };
}

class TypeSchemas {
  readonly shared: Record<string, JsonSchema> = {};

  constructor(private readonly checker: ts.TypeChecker) {}

  /** The members of a union of frames, by their `type`. */
  byType(union: ts.Type): Record<string, JsonSchema> {
    const frames: Record<string, JsonSchema> = {};
    for (const member of union.isUnion() ? union.types : [union]) {
      const type = this.typeName(member);
      const shape = this.object(member);
      const other = frames[type];
      frames[type] = other ? { anyOf: [...(other.anyOf ?? [other]), shape] } : shape;
    }
    return frames;
  }

  private typeName(frame: ts.Type): string {
    const property = frame.getProperty('type');
    const type = property && this.checker.getTypeOfSymbol(property);
    if (!type?.isStringLiteral()) throw new Error(`${this.checker.typeToString(frame)} has no type`);
    return type.value;
  }

  private schema(type: ts.Type): JsonSchema {
    if (type.flags & ts.TypeFlags.Unknown) return {};
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isUnion())
      return type.aliasSymbol ? this.named(type.aliasSymbol.name, () => this.union(type)) : this.union(type);
    if (this.checker.isArrayType(type)) return this.array(type);
    return this.reference(type);
  }

  private union(type: ts.UnionType): JsonSchema {
    const members = type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined));
    const texts = members.flatMap((member) => (member.isStringLiteral() ? [member.value] : []));
    // Sorted: the compiler's own order depends on what else it has read.
    if (texts.length === members.length) return texts.length === 1 ? { const: texts[0] } : { enum: texts.sort() };
    if (members.every((member) => member.flags & ts.TypeFlags.BooleanLike) && members.length === 2)
      return { type: 'boolean' };
    const schemas = members.map((member) => this.schema(member));
    return schemas.length === 1 && schemas[0] ? schemas[0] : { anyOf: schemas };
  }

  private array(type: ts.Type): JsonSchema {
    const element = this.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return { type: 'array', items: element ? this.schema(element) : {} };
  }

  private reference(type: ts.Type): JsonSchema {
    return type.isClassOrInterface() ? this.named(type.symbol.name, () => this.object(type)) : this.object(type);
  }

  /** What has a name is described once. */
  private named(name: string, describe: () => JsonSchema): JsonSchema {
    if (!Object.hasOwn(this.shared, name)) {
      this.shared[name] = {};
      this.shared[name] = describe();
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private object(type: ts.Type): JsonSchema {
    const description = this.description(type.symbol);
    const entries = this.checker.getPropertiesOfType(type).flatMap((property) => this.property(property));
    if (entries.length === 0) return { type: 'object', ...description };
    return {
      type: 'object',
      ...description,
      properties: Object.fromEntries(entries.map(({ name, schema }) => [name, schema])),
      required: entries.filter(({ required }) => required).map(({ name }) => name),
    };
  }

  private property(symbol: ts.Symbol): { name: string; schema: JsonSchema; required: boolean }[] {
    const type = this.checker.getTypeOfSymbol(symbol);
    // `final?: undefined` says that a field is absent in this shape.
    if (type.flags & ts.TypeFlags.Undefined) return [];
    const schema = { ...this.schema(type), ...this.description(symbol) };
    return [{ name: symbol.name, schema, required: !(symbol.flags & ts.SymbolFlags.Optional) }];
  }

  private description(symbol: ts.Symbol | undefined): JsonSchema {
    const text = ts.displayPartsToString(symbol?.getDocumentationComment(this.checker));
    return text === '' ? {} : { description: text.replaceAll(/\s*\n\s*/g, ' ') };
  }
}
