/** The styles of a show, each with one sentence about it. */

import type { ShowStyle } from '#lib/api/index.ts';

export const SHOW_STYLES: { value: ShowStyle; name: string; description: string }[] = [
	{
		value: 'briefing',
		name: 'Briefing',
		description: 'Many stories, each told calmly by one host.'
	},
	{
		value: 'conversation',
		name: 'Conversation',
		description: 'The hosts tell each story together, taking turns.'
	},
	{
		value: 'interview',
		name: 'Interview',
		description: 'One host asks, and the other answers.'
	},
	{
		value: 'deep_dive',
		name: 'Deep dive',
		description: 'Two or three stories at length, and the rest in brief.'
	}
];
