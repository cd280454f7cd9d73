// Uses a client that another generator (openapi-typescript) makes from the contract. It is type-checked, never run.
import type { components, operations, paths } from './made/contract.js';

type Answer<Name extends keyof operations> = operations[Name]['responses'];
type Order = Answer<'brewPodcast'>[202]['content']['application/json'];
type Problem = Answer<'brewPodcast'>[409]['content']['application/problem+json'];
type Event = Answer<'followPodcast'>[200]['content']['text/event-stream'];
type Audio = Answer<'getPodcastAudio'>[200]['content']['audio/mpeg'];

export const order: components['schemas']['BrewRequest'] = { minutes: 5, hosts: 2, style: 'briefing' };
export const path: keyof paths = '/api/podcast/generate';

export function idOrDetail(answer: Order | Problem): string {
	return 'detail' in answer ? answer.detail : answer.id;
}
export const dataOf = (event: Event): string => event.data;
export const audioOf = (audio: Audio): string => audio;
