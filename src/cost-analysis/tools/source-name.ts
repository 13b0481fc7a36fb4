export interface ImportedSource {
  readonly label: string | null;
  readonly format: string | null;
  readonly price_as: string | null;
  readonly synthetic: boolean;
}

/** How an answer names a source: what it is, whether it is real, and whether its model was assumed. */
export function sourceName({ label, format, price_as: priceAs, synthetic }: ImportedSource): string {
  const name = label ?? format ?? 'Usage file';
  const kind = synthetic ? 'synthetic data' : priceAs === null ? 'real usage' : 'real tokens';
  return [name, kind, ...(priceAs === null ? [] : [`priced as ${priceAs}`])].join(', ');
}
