/** The samples of a scrape in the text format of Prometheus: `name{labels}` to value. Throws on a line that is none. */
export function metricsOf(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([a-zA-Z_:][\w:]*(?:\{[^}]*\})?) (\S+)$/.exec(line);
    const [, name, value] = match ?? [];
    if (name === undefined || Number.isNaN(Number(value))) throw new Error(`no sample: ${line}`);
    samples.set(name, Number(value));
  }
  return samples;
}
