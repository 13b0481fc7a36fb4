/** Words of questions that name nothing by themselves: grammar, ways to ask, times. */
const ORDINARY = `
a about above according across actually after again against ago all almost already also altogether am among an and annual another any anybody anyone
anything are as ask at available away back be because been before being below besides best better between big bigger biggest board both but buy by
can cause caused causes ceo cfo cheap cheapest clear come compare compared compares comparing comparison could cto current currently
daily day days detail detailed details did difference different do does doing done double doubled doubles doubling down drive driver drivers drives
driven drove due during each early either else end enough especially even ever every everyone everybody everything everywhere exact exactly exceed excluding
exist expect expected explain explanation fast faster fewer figure figures find finish first five for four fraction from full further future gave
general get getting give given go goes going gone good got grand great greatest grew group grouped grow growing grown grows growth had half happen happened
happening happens has have having he hello help here hey hi high higher highest hour hourly hours how i if important in include including
increase increased increases increasing instead into is it its itself january february march april may june july august september october
november december jan feb mar apr jun jul aug sep sept oct nov dec jump jumped jumping jumps just keep kind know lack large larger largest last late lately latest
leader least less let level light like likely limit limits list little long look lot low lower lowest made main make makes making many matter me mean means median
mid might mine minimum monday tuesday wednesday thursday friday saturday sunday month monthly months more most mostly move moved moves much must my name
named names necessary need needed needs never new next nine no none nor normal not nothing now number numbers of off often ok okay old on once one ones
only onto open or order other others otherwise our ours out outlook over overall own part past pattern patterns peak per percent percentage period
please point points possible pretty previous probably proportion put quarter quarterly quarters quick quickly quite range rank ranked ranking rate rather
ratio read really reason reasons recent recently regarding relative remain remaining rest result results right rise risen rises rising risk risks rose
run running said same saw say second see seem seen send set seven several shall share shares she short should show shows sided
significant simple simply since single six size skip slow slower slowest small smaller smallest so some somebody someone something sort split stand
standing start started state stay stays staying still stop sudden suddenly summarise summarize summary sure table take taken tell ten than thank thanks that the
their them then there these they thing things think third this those though three through thus till time times tiny to today together
told tomorrow too took top total totals toward track trend trending trends triple true try twice twelve two type under until unusual unusually up upon us use
used useful uses using usual usually value versus very view vs want was way we week weekend weekly weeks weird well went were what whatever when where
whether which while who whole whom whose why will with within without wonder word words work works worse worst worth would year yearly years yes yesterday
trust trusted trustworthy reliable rely believe really roi return returns dearer costlier pricey climbing creeping constantly
weekends weekday weekdays customer customers client clients manager management leadership boss brief
broke differences prevent prevents prevented preventing avoid avoids avoided avoiding solve solves solved resolve resolves resolved address addressed handle handled advise advice advised
yet you your yours ytd mtd qtd eoy eom six zero average averages behind jumpy spiky strange odd abnormal
wrong correct accurate fruit hanging quick wins step steps plan action actions verify undo revert recommendation recommendations recommend suggestion
suggestions suggest measure measures owner effort begin prove test tests tackle fix prioritise prioritize risky details incident outage cfos win date dates updated fresh match matches agree complete completeness stable volatile change changed changes changing shift shifted drop dropped drops fall falls fell decline declined decrease decreased
chart charts sentence sentences brief briefly graph plot draw concentrated concentration apart breakdown breakdowns broken break breaks
agreed agrees begins completed completely completes correctly corrects couldn exceeds expects explains explanations included includes
possibly priorities provide provided provides providing quiet raised raises reducing remains retain saying sending shouldn starts
stands suggests summaries thought towards updates update updating wait waited waiting wanted wanting wouldn
`;

/** Words of the subject. */
const SUBJECT = `
ai llm llms model models token tokens cost costs costing costly cheaper spend spends spending spent spender spenders usage bill bills billed billing invoice
invoices price prices priced pricing money usd dollar dollars cents expense expenses expensive pay pays paid paying charge charges charged overcharged
budget budgets overspend overspending forecast forecasts forecasting predict prediction project projection projections projected estimate estimated save saves saved saving
savings reduce reduced reduces reduction optimize optimise optimization cut cuts waste wasted wasting wasteful analyse analyze analysis analyzed report reports overview
anomaly anomalies spike spikes spiked outlier outliers surge surged data import imported imports upload coverage missing quality unpriced untagged tagged tagging
allocate allocated unallocated attributed cache cached caching caches batch batches batching retry retries retried failed failures fail fails error errors
duplicate duplicates repeated prompt prompts request requests call calls query queries message messages conversation conversations answer answers response
responses input inputs output outputs context latency speed commitment commit committed reserved discount discounts team teams feature
features user users provider providers vendor vendors department departments key keys environment source sources reconcile reconciled
reconciliation reported recomputed computed currency traffic volume volumes api apis gateway hit hits thousand million billion length lengths
burn baseline finance department company business org organization organisation organizations organisations
batched commits commitments comparisons contexts environments failure optimizations periods projects thousands
`;

/** As right as they are written, though a known word is one slip away; each may be a name as well. */
const OTHERS = `
attribute attributes casting catching computer computers compute contest contests expert experts extensive importer latent loader marking master matcher
monkey protect protected protection queried redaction reserve reserves sample sampler sender shapes shards
`;

const split = (words: string): string[] => words.split(/\s+/).filter((word) => word !== '');

export const SUBJECT_WORDS: ReadonlySet<string> = new Set(split(SUBJECT));
/** What is not in here may be a name, a slip of the pen, or another subject. */
export const KNOWN_WORDS: ReadonlySet<string> = new Set([...split(ORDINARY), ...SUBJECT_WORDS]);

/** What is no slip of the pen. */
export const CORRECT_WORDS: ReadonlySet<string> = new Set([...KNOWN_WORDS, ...split(OTHERS)]);

/** The words of a text in lower case, as they are spelled; "engineering's" is engineering. */
export const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/\p{L}[\p{L}\p{N}'’]*/gu) ?? []).map((word) =>
    word.replace(/['’](s|re|ve|d|ll|m|t)?$/u, ''),
  );
