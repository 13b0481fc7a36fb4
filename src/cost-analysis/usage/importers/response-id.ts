/** How OpenAI, Anthropic, OpenRouter and what copies them number their answers: unique everywhere, not only in one source. */
const PROVIDER_ID = /^(chatcmpl|resp|msg|cmpl|gen)[-_][\w-]{12,}$/;

/** The id of a provider's answer, or undefined when the text is some other id. */
export const responseIdOf = (id: string | undefined): string | undefined =>
  id !== undefined && PROVIDER_ID.test(id) ? id : undefined;
