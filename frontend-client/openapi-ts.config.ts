import { defineConfig } from '@hey-api/openapi-ts';

type Media = { schema?: { properties?: { data?: { contentSchema?: object } } } };
type Operation = { responses?: Record<string, { content?: Record<string, Media> }> };

/** The contract describes one server-sent event; the typed stream yields what the event carries. */
function unwrapEvents(spec: { paths?: object }) {
	for (const path of Object.values(spec.paths ?? {}) as Record<string, Operation>[]) {
		for (const operation of Object.values(path)) {
			const stream = operation.responses?.['200']?.content?.['text/event-stream'];
			const carried = stream?.schema?.properties?.data?.contentSchema;
			if (stream && carried) stream.schema = carried;
		}
	}
}

export default defineConfig({
	input: '../contracts/openapi.json',
	output: 'src/lib/api',
	parser: { patch: { input: unwrapEvents } },
	plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk']
});
