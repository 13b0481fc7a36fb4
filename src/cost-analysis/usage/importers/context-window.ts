/** "0-200k", "200k-1M", "≤ 200k", "> 200k": the price of a call depends on the side. Undefined when the text says neither. */
export function isLongContext(window: string | undefined): boolean | undefined {
  const plain = window?.toLowerCase().replace(/\s/g, '');
  if (plain === undefined) return undefined;
  if (/^(0-200k|≤200k|<=200k|<200k)$/.test(plain)) return false;
  return /^(200k-1m|>200k|≥200k|>=200k)$/.test(plain) ? true : undefined;
}
