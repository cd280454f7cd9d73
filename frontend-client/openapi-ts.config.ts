import { defineConfig } from '@hey-api/openapi-ts';

type Media = { schema?: { properties?: { data?: { contentSchema?: object } } } };
type Operation = { responses?: Record<string, { content?: Record<string, Media> }> };

/** The contract describes whole server-sent events; the generated stream yields their data. */
function unwrapEvents(spec: { paths?: object }) {
	for (const path of Object.values(spec.paths ?? {}) as Record<string, Operation>[]) {
		for (const operation of Object.values(path)) {
			const stream = operation.responses?.['200']?.content?.['text/event-stream'];
			const data = stream?.schema?.properties?.data?.contentSchema;
			if (stream && data) stream.schema = data;
		}
	}
}

export default defineConfig({
	input: '../contracts/openapi.json',
	output: 'src/lib/api',
	parser: { patch: { input: unwrapEvents } },
	plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk']
});
