import { Injectable, Module } from '@nestjs/common';
import { Agent, type AgentHandler, type AgentOutcome } from '../../src/agents/agent.decorator.js';
import { AppError } from '../../src/errors/app-error.js';

/** Something that an agent needs and that can be away. */
@Injectable()
export class Dependency {
  isThere = false;
  /** What its work waits for. */
  held: Promise<void> = Promise.resolve();
}

/** Can't be made as long as what it needs is away. */
@Agent({ name: 'late', description: 'Needs something that comes up late.' })
export class LateAgent implements AgentHandler {
  constructor(private readonly dependency: Dependency) {
    if (!dependency.isThere) throw new AppError('service_unavailable', 'Not there yet.');
  }

  opening(): string {
    return 'Everything is there.';
  }

  async execute(): Promise<AgentOutcome> {
    await this.dependency.held;
    return { result: {}, response: 'The full answer.' };
  }
}

@Module({ providers: [Dependency, LateAgent] })
export class LateModule {}
