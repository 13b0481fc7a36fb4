import type { CurrencyDisplay } from '../../context/user-preferences.js';
import type { Fact } from '../tools/fact.js';
import type { Draft } from './draft.js';
import { citedFacts, findViolations, renderFacts, type Grounds, type Violation } from './grounding.js';
import type { Chart } from './charts/chart.js';
import { chartImage, chartPath } from './charts/chart-image.js';
import type { Section } from './report-data.js';

/** Where an assembly puts what it makes. `show` gets text with the values in. */
interface Destination {
  /** Names the charts' pictures. */
  readonly reportId: string;
  readonly show: (text: string) => void;
  readonly currency?: CurrencyDisplay;
}

/** A section that a model wrote and that did not pass. */
export interface FailedSection {
  readonly section: Section;
  readonly text: string;
  readonly violations: readonly Violation[];
}

/** Says under a section that the model's own words were refused. */
export const FALLBACK_MARK =
  '*The wording written for this section did not pass the check of its figures; this is the computed text.*';

/**
 * Puts a report together while it is being written. A writer may replace any section of the draft by writing it under its heading; a section is
 * shown once it is complete and checked, in the order of the draft, so that a reader never sees a figure that no fact stands behind,
 * and what was shown is never taken back unless the writer starts again.
 */
export class ReportAssembly {
  private readonly accepted = new Map<string, string>();
  private readonly failed = new Map<string, FailedSection>();
  private readonly shown: string[] = [];
  private readonly cited = new Set<string>();
  private readonly drawn: Chart[] = [];
  private buffer = '';
  private next = 0;

  constructor(
    private readonly draft: Draft,
    private readonly grounds: Grounds,
    private readonly destination: Destination,
  ) {
    this.put(`# ${draft.title}`);
  }

  /** A piece of what the writer writes. */
  push(delta: string): void {
    this.buffer += delta;
    const complete = this.buffer.lastIndexOf('\n## ');
    if (complete < 0) return;
    const reached = this.take(this.buffer.slice(0, complete));
    this.buffer = this.buffer.slice(complete + 1);
    this.showUntil(reached);
  }

  /** The writer starts again from nothing; whoever shows the text has taken it back. */
  restart(): void {
    this.accepted.clear();
    this.failed.clear();
    this.cited.clear();
    this.drawn.length = 0;
    this.shown.length = 0;
    this.buffer = '';
    this.next = 0;
    this.put(`# ${this.draft.title}`);
  }

  /** The whole text as it counts in the end; a writer that was replaced half-way may differ from what was pushed. Answers what failed. */
  written(text: string): readonly FailedSection[] {
    this.failed.clear();
    this.accepted.clear();
    this.take(text);
    this.showUntil(this.draft.sections.length);
    return [...this.failed.values()];
  }

  /** The second attempt at failed sections. What fails again, or is missing, becomes the computed text, marked. */
  repaired(text: string): void {
    const before = [...this.failed.keys()];
    this.failed.clear();
    this.take(text);
    for (const key of before) {
      const section = this.draft.sections.find((one) => one.key === key);
      if (section !== undefined && !this.accepted.has(key))
        this.accepted.set(key, `${section.body}\n\n${FALLBACK_MARK}`);
    }
    this.failed.clear();
    this.showUntil(this.draft.sections.length);
  }

  /** The report as it was shown. */
  get markdown(): string {
    return this.shown.join('');
  }

  /** The facts that it cites, in the order of the report. */
  get facts(): Fact[] {
    return [...this.cited].flatMap((id) => this.grounds.facts.get(id) ?? []);
  }

  /** The charts that it shows, numbered from 1 in this order; their texts with the values in. */
  get charts(): readonly Chart[] {
    return this.drawn;
  }

  /** Checks each section in the text that is not shown yet; answers the position of the last one found. */
  private take(text: string): number {
    let reached = this.next;
    for (const [title, body] of splitSections(text)) {
      const position = this.draft.sections.findIndex((section) => section.title.toLowerCase() === title.toLowerCase());
      const section = this.draft.sections[position];
      if (section === undefined || position < this.next || body === '') continue;
      reached = Math.max(reached, position + 1);
      // The draft's own words need no check: tools and templates made them.
      const violations = body === section.body ? [] : findViolations(body, this.grounds);
      if (violations.length === 0) this.accepted.set(section.key, body);
      else this.failed.set(section.key, { section, text: body, violations });
    }
    return reached;
  }

  /** Shows the sections before this position, as far as none of them waits for its repair. */
  private showUntil(position: number): void {
    for (; this.next < position; this.next++) {
      const section = this.draft.sections[this.next];
      if (section === undefined || this.failed.has(section.key)) return;
      this.put(`\n\n## ${section.title}\n\n${this.accepted.get(section.key) ?? section.body}`);
      for (const chart of section.charts ?? []) this.draw(chart);
    }
  }

  private draw(chart: Chart): void {
    const text = this.rendered(chart.alternative_text);
    const { currency } = this.destination;
    this.drawn.push({ ...chart, alternative_text: text, ...(currency === undefined ? {} : { currency }) });
    this.put(`\n\n${chartImage(chart.alternative_text, chartPath(this.destination.reportId, this.drawn.length))}`);
  }

  private rendered(text: string): string {
    return renderFacts(text, this.grounds.facts, this.destination.currency);
  }

  private put(text: string): void {
    for (const id of citedFacts(text)) this.cited.add(id);
    const rendered = this.rendered(text);
    this.shown.push(rendered);
    this.destination.show(rendered);
  }
}

/** `## Title` and what stands under it. Text before the first heading is nobody's section. */
function splitSections(text: string): [title: string, body: string][] {
  return `\n${text}`
    .split(/\n## /)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return end < 0 ? [part.trim(), ''] : [part.slice(0, end).trim(), part.slice(end + 1).trim()];
    });
}
