/** What a report of a provider or a bill can never deliver: the calls themselves can. */
const CALLS_INSTEAD = {
  'single requests':
    'the reports of a provider have sums only; export single requests from your gateway, or send OpenTelemetry spans, instead',
  latency:
    'the reports of a provider have sums only; export single requests from your gateway, or send OpenTelemetry spans, instead',
  feature: 'the reports of a provider know no feature; send OpenTelemetry spans with the attribute feature instead',
} as const;

const TRACE_LABELS = {
  team: 'import the file of each team with tags=team:name',
  project: 'import the file of each project with tags=project:name',
  feature: 'import the file of each feature with tags=feature:name',
} as const;

/** How a source in use can be made to deliver a field, where it can; by the `source` of usage rows and the name of the field. */
export const SOURCE_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  litellm: {
    team: 'give each team its own virtual key in LiteLLM, so that team_id is filled in',
    project: 'send a tag project:name in request_tags with each call',
    feature: 'send a tag feature:name in request_tags with each call',
    user: 'send user or end_user with each call',
    'reported cost': 'export the spend column',
    latency: 'export request_duration_ms or endTime',
  },
  'litellm-daily': {
    'single requests': 'import SpendLogs instead of the daily spend',
    latency: 'import SpendLogs instead of the daily spend',
    team: 'import SpendLogs, which have team_id',
    feature: 'import SpendLogs, and send a tag feature:name in request_tags with each call',
  },
  'openai-usage': {
    ...CALLS_INSTEAD,
    model: 'call the usage API with group_by=model',
    project: 'call the usage API with group_by=project_id',
    user: 'call the usage API with group_by=user_id',
    'streaming or batch flag': 'call the usage API with group_by=batch',
    'reported cost': 'import the bill as well, in the format openai-costs',
  },
  'openai-activity': {
    ...CALLS_INSTEAD,
    project: 'import the usage API with group_by=project_id instead of the activity export',
    'reported cost': 'import the bill as well, in the format openai-costs',
  },
  'openai-costs': {
    ...CALLS_INSTEAD,
    model: 'call the costs API with group_by=line_item, whose names have the model',
    tokens: 'a bill has amounts only; import the usage API as well, in the format openai-usage',
    project: 'call the costs API with group_by=project_id',
    user: 'export the costs from the dashboard, with user_id',
  },
  'anthropic-usage': {
    ...CALLS_INSTEAD,
    model: 'call the usage report with group_by=model',
    project: 'give each project its own workspace, and call the usage report with group_by=workspace_id',
    'streaming or batch flag': 'call the usage report with group_by=service_tier',
    'reported cost': 'import the bill as well, in the format anthropic-cost',
  },
  'anthropic-cost': {
    ...CALLS_INSTEAD,
    model: 'call the cost report with group_by=description, which brings the model',
    tokens: 'a bill has amounts only; import the usage report as well, in the format anthropic-usage',
    project: 'give each project its own workspace, and call the cost report with group_by=workspace_id',
  },
  focus: {
    ...CALLS_INSTEAD,
    model: 'export SkuPriceDetails, ResourceName or SkuMeter, one of which names the model',
    tokens: 'export ConsumedQuantity and ConsumedUnit, or PricingQuantity and PricingUnit, of what is billed by token',
    'reported cost': 'export BilledCost',
    team: 'give the resources a tag team, and export Tags',
    project: 'give the resources a tag project, or export SubAccountName',
    feature: 'give the resources a tag feature, and export Tags',
  },
  langfuse: {
    model: 'set the model on each generation, and export providedModelName',
    tokens: 'set usageDetails on each generation, and export it',
    'reported cost': 'export totalCost or costDetails',
    team: 'tag the generations team:name, and export tags',
    project: 'tag the generations project:name, and export tags',
    feature: 'tag the generations feature:name, or link them to a prompt, and export tags and promptName',
    user: 'set userId on each trace, and export it',
    latency: 'export endTime or latency',
  },
  helicone: {
    model: 'export request_model or response_model',
    tokens: 'export prompt_tokens and completion_tokens',
    'reported cost': 'export the cost column',
    team: 'send the header Helicone-Property-Team with each call, and export request_properties',
    project: 'send the header Helicone-Property-Project with each call, and export request_properties',
    feature: 'send the header Helicone-Property-Feature with each call, and export request_properties',
    user: 'send the header Helicone-User-Id with each call',
    latency: 'export delay_ms',
  },
  otel: {
    model: 'set gen_ai.response.model or gen_ai.request.model on each span',
    tokens: 'set gen_ai.usage.input_tokens and gen_ai.usage.output_tokens on each span',
    'reported cost': 'spans have no cost; import the bill as well, in the format openai-costs, anthropic-cost or focus',
    team: 'set the attribute team on each span or on its resource',
    feature: 'set the attribute feature on each span, or functionId in the telemetry of the AI SDK',
    user: 'set the attribute user.id on each span',
    latency: 'send the end of each span, endTimeUnixNano',
  },
  'provider-responses': {
    team: 'log a field team beside each answer',
    project: 'log a field project beside each answer',
    feature: 'log a field feature beside each answer',
    user: 'log a field user beside each answer',
  },
  'azure-trace': {
    ...TRACE_LABELS,
    model: 'a trace has no model name; import it with price_as and the model to price it as',
  },
  burstgpt: { ...TRACE_LABELS, latency: 'export the column Elapsed time' },
  mooncake: {
    ...TRACE_LABELS,
    model: 'a trace has no model name; import it with price_as and the model to price it as',
  },
};
