import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { AppError } from '../errors/app-error.js';
import { AGENT_METADATA, type AgentDeclaration, type AgentHandler } from './agent.decorator.js';

export interface RegisteredAgent {
  readonly declaration: AgentDeclaration;
  readonly type: Type<AgentHandler>;
  readonly hostId: string;
}

/** All classes marked @Agent, by name. A name that is taken twice stops the start. */
@Injectable()
export class AgentRegistry implements OnModuleInit {
  private readonly agents = new Map<string, RegisteredAgent>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    for (const { metatype, id } of this.discovery.getProviders()) {
      const declaration = metatype && this.reflector.get<AgentDeclaration | undefined>(AGENT_METADATA, metatype);
      if (!declaration) continue;
      const known = this.agents.get(declaration.name);
      if (known !== undefined && known.type !== metatype) throw new Error(`two agents are named ${declaration.name}`);
      this.agents.set(declaration.name, { declaration, type: metatype as Type<AgentHandler>, hostId: id });
    }
  }

  /** Throws not_found. */
  get(name: string): RegisteredAgent {
    const agent = this.agents.get(name);
    if (agent === undefined) throw new AppError('not_found', `There is no agent named ${name}.`);
    return agent;
  }

  has(name: string): boolean {
    return this.agents.has(name);
  }

  get names(): readonly string[] {
    return [...this.agents.keys()];
  }
}
