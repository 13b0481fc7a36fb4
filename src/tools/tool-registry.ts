import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { TOOL_METADATA, type ToolDeclaration, type ToolHandler } from './tool.decorator.js';

/** A tool as it was found: what it declares, and the class to make it of. */
export interface RegisteredTool {
  readonly declaration: ToolDeclaration;
  readonly type: Type<ToolHandler<unknown>>;
  readonly hostId: string;
}

/** All classes marked @Tool, by name. A name that is taken twice stops the start. */
@Injectable()
export class ToolRegistry implements OnModuleInit {
  private readonly tools = new Map<string, RegisteredTool>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    for (const { metatype, id } of this.discovery.getProviders()) {
      const declaration = metatype && this.reflector.get<ToolDeclaration | undefined>(TOOL_METADATA, metatype);
      if (!declaration) continue;
      const known = this.tools.get(declaration.name);
      if (known !== undefined && known.type !== metatype) throw new Error(`two tools are named ${declaration.name}`);
      this.tools.set(declaration.name, { declaration, type: metatype as Type<ToolHandler<unknown>>, hostId: id });
    }
  }

  get(name: string): RegisteredTool | undefined {
    return this.tools.get(name);
  }

  get names(): readonly string[] {
    return [...this.tools.keys()];
  }
}
