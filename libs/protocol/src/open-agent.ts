/** Where an open agent stands in `agent_started, agent_thinking, (…)*, [agent_error], agent_completed`. */
export class OpenAgent {
  hasThought = false;
  private hasFailed = false;

  constructor(readonly key: string) {}

  think(): string[] {
    this.hasThought = true;
    return this.hasFailed ? [`agent_thinking of ${this.key} after its agent_error`] : [];
  }

  fail(): void {
    this.hasFailed = true;
  }

  /** Violations of anything but thinking and completing. */
  violationsOfActing(eventType: string): string[] {
    const found: string[] = [];
    if (!this.hasThought) found.push(`${eventType} of ${this.key} before its agent_thinking`);
    if (this.hasFailed) found.push(`${eventType} of ${this.key} after its agent_error`);
    return found;
  }
}
