/** The value of the tag "<dimension>:value" in a list of words, which is how gateways carry a team or a feature. */
export const namedTag = (tags: readonly string[], dimension: string): string | undefined =>
  tags.find((tag) => tag.startsWith(`${dimension}:`))?.slice(dimension.length + 1);
