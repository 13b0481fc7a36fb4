/** The latest moment of these; null when there are none. */
export const latestOf = (of: readonly { readonly last: Date }[]): Date | null =>
  of.reduce<Date | null>((most, { last }) => (most === null || last > most ? last : most), null);
