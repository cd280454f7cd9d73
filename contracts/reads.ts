// A client of the contract that is made by a generator which is not ours. It is type-checked, never run.
import type { components, operations, paths } from './made/contract.js';

type Answer<Name extends keyof operations> = operations[Name]['responses'];
type Ordered = Answer<'brewPodcast'>[202]['content']['application/json'];
type Refused = Answer<'brewPodcast'>[409]['content']['application/problem+json'];
type Event = Answer<'followPodcast'>[200]['content']['text/event-stream'];
type Sound = Answer<'getPodcastAudio'>[200]['content']['audio/mpeg'];

export const order: components['schemas']['BrewRequest'] = { minutes: 5, hosts: 2, style: 'briefing' };
export const path: keyof paths = '/api/podcast/generate';

export function told(answer: Ordered | Refused): string {
	return 'detail' in answer ? answer.detail : answer.id;
}
export const carried = (event: Event): string => event.data;
export const heard = (sound: Sound): string => sound;
