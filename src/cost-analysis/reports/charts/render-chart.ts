import type { Runtime, View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import type { CurrencyDisplay } from '../../../context/user-preferences.js';
import type { Chart, ChartKind } from './chart.js';
import { chartLook } from './chart-look.js';
import { COST_AGAINST_LATENCY } from './cost-against-latency.template.js';
import { PARETO } from './pareto.template.js';
import { SAVINGS_WATERFALL } from './savings-waterfall.template.js';
import { SPEND_OVER_TIME } from './spend-over-time.template.js';

const TEMPLATES = {
  spend_over_time: SPEND_OVER_TIME,
  pareto: PARETO,
  savings_waterfall: SAVINGS_WATERFALL,
  cost_against_latency: COST_AGAINST_LATENCY,
} as const satisfies Record<ChartKind, TopLevelSpec>;

/**
 * A chart as SVG: the same chart gives the same text. Vega's own expressions are interpreted, never compiled, so that no code is made
 * of what a chart holds. A template is compiled once; what is drawn after that takes milliseconds.
 */
export async function renderChart(chart: Chart): Promise<string> {
  const { View, Error: errorsOnly, expressionInterpreter } = await library();
  const view = new View(await compiled(chart), {
    renderer: 'none',
    expr: expressionInterpreter,
    logLevel: errorsOnly,
  });
  try {
    // A view adds fields of its own to the rows.
    for (const [name, rows] of Object.entries(chart.data)) view.data(name, structuredClone(rows));
    return described(await view.toSVG(), chart);
  } finally {
    view.finalize();
  }
}

/** Loaded when the first chart is drawn: a server whose reports are read as text never needs it. */
let loaded: Promise<Library> | undefined;

interface Library {
  readonly View: typeof View;
  readonly Error: number;
  readonly expressionInterpreter: unknown;
  readonly compile: (template: TopLevelSpec) => Runtime;
}

const library = (): Promise<Library> => (loaded ??= load());

async function load(): Promise<Library> {
  const vega = await import('vega');
  const vegaLite = await import('vega-lite');
  const { expressionInterpreter } = await import('vega-interpreter');
  return {
    View: vega.View,
    Error: vega.Error,
    expressionInterpreter,
    compile: (template) => vega.parse(vegaLite.compile(template).spec, undefined, { ast: true }),
  };
}

const runtimes = { $: new Map<ChartKind, Runtime>(), USD: new Map<ChartKind, Runtime>() } satisfies Record<
  CurrencyDisplay,
  Map<ChartKind, Runtime>
>;

async function compiled({ kind, currency = '$' }: Chart): Promise<Runtime> {
  const known =
    runtimes[currency].get(kind) ?? (await library()).compile({ ...TEMPLATES[kind], config: chartLook(currency) });
  runtimes[currency].set(kind, known);
  return known;
}

/** Title and description as SVG has them for screen readers. */
function described(svg: string, { title, alternative_text: text }: Chart): string {
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_whole, attributes: string) =>
      `<svg ${attributes} role="img"><title>${escaped(title)}</title><desc>${escaped(text)}</desc>`,
  );
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
