import { isJsonObject } from '../../../context/json.js';
import type { JsonObject, JsonValue } from '../../../context/json.js';
import type { SourceRecord } from '../reading/source-record.js';

/** A span of an OTLP/HTTP JSON export (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export interface OtelSpan {
  /** Its attributes and those of its resource, by name. */
  readonly attributes: SourceRecord;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly name: string | undefined;
  readonly startNano: JsonValue | undefined;
  readonly endNano: JsonValue | undefined;
  readonly isError: boolean;
}

/** The spans of an export, in its order. What is no span is passed over. */
export function otelSpansOf(resourceSpans: unknown, line: number): OtelSpan[] {
  return objects(resourceSpans).flatMap((resourceSpan) => {
    const { resource } = resourceSpan;
    const ofResource = attributesOf(isJsonObject(resource) ? resource['attributes'] : undefined);
    // Until 2022 scopes were called instrumentation libraries.
    const scopes = objects(resourceSpan['scopeSpans'] ?? resourceSpan['instrumentationLibrarySpans']);
    return scopes.flatMap(({ spans }) => objects(spans).map((span) => spanOf(span, ofResource, line)));
  });
}

function spanOf(span: JsonObject, ofResource: readonly [string, unknown][], line: number): OtelSpan {
  const attributes = [...attributesOf(span['attributes']), ...ofResource];
  const { status } = span;
  const code = isJsonObject(status) ? status['code'] : undefined;
  return {
    attributes: { line, names: attributes.map(([name]) => name), values: attributes.map(([, value]) => value) },
    traceId: text(span['traceId']),
    spanId: text(span['spanId']),
    name: text(span['name']),
    startNano: span['startTimeUnixNano'],
    endNano: span['endTimeUnixNano'],
    isError: code === 2 || code === 'STATUS_CODE_ERROR',
  };
}

const attributesOf = (attributes: unknown): [string, unknown][] =>
  objects(attributes).flatMap(({ key, value }): [string, unknown][] =>
    typeof key === 'string' && isJsonObject(value) ? [[key, plainValue(value)]] : [],
  );

/** 64-bit integers come as text; both are taken. Lists keep their first value: finish reasons, of which there is one. */
function plainValue(value: JsonObject): unknown {
  const { arrayValue } = value;
  if (isJsonObject(arrayValue)) {
    const [first] = objects(arrayValue['values']);
    return first === undefined ? undefined : plainValue(first);
  }
  return value['stringValue'] ?? value['intValue'] ?? value['doubleValue'] ?? value['boolValue'];
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
