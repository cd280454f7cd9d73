import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { loadEnv } from 'vite';
import { defineConfig } from 'vitest/config';

// The API's address, if it is not the app's own. It is set at build time, so that the content security
// policy can allow it and no other.
const {
	PUBLIC_API_BASE_URL = '',
	PUBLIC_VERCEL_API_BASE_URL = '',
	PUBLIC_SUPABASE_URL = ''
} = loadEnv('', process.cwd(), 'PUBLIC_');
const apiOrigins = [PUBLIC_API_BASE_URL, PUBLIC_VERCEL_API_BASE_URL]
	.filter(Boolean)
	.map((url) => new URL(url).origin as `https://${string}.${string}`);
const api = ['self' as const, ...new Set(apiOrigins)];
// The addresses of Supabase, for signing in and for audio files. A build without any address, such as the
// demo's, is served by AudioBrew itself, which sends a stricter policy with the address of its own Supabase
// (backend/audiobrew/http/static_app.py). Vercel's CDN sends no such policy.
type Source = 'https:' | `https://${string}.${string}`;
const isServedByBackend = !PUBLIC_SUPABASE_URL && !apiOrigins.length && !process.env.VERCEL;
const supabase = (
	isServedByBackend
		? ['https:', 'http://127.0.0.1:*', 'http://localhost:*']
		: [PUBLIC_SUPABASE_URL || 'https://*.supabase.co']
) as Source[];

export default defineConfig({
	define: {
		__API_BASE_URL__: JSON.stringify(PUBLIC_API_BASE_URL.replace(/\/+$/, '')),
		__VERCEL_API_BASE_URL__: JSON.stringify(PUBLIC_VERCEL_API_BASE_URL.replace(/\/+$/, ''))
	},
	plugins: [
		tailwindcss(),
		sveltekit({
			adapter: adapter({ fallback: '200.html', strict: true, precompress: isServedByBackend }),
			// No polling for a newer version: src/lib/route_preloader.svelte.ts asks when it needs to know.
			version: { pollInterval: 0 },
			// Registered late, by src/lib/pwa/app_updates.svelte.ts.
			serviceWorker: { register: false },
			compilerOptions: {
				runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true)
			},
			csp: {
				mode: 'hash',
				directives: {
					'default-src': ['self'],
					'script-src': ['self'],
					'style-src': ['self'],
					'style-src-attr': ['unsafe-inline'],
					'img-src': ['self', 'data:'],
					'media-src': [...api, ...new Set([...supabase, 'https:' as const])],
					'connect-src': [...api, ...supabase],
					'manifest-src': ['self'],
					'worker-src': ['self'],
					'object-src': ['none'],
					'base-uri': ['none'],
					'form-action': ['self']
				}
			}
		})
	],
	// The licences of what the build contains, which a package or an image must bring.
	build: { license: { fileName: 'licences.md' } },
	// For `nox -s dev`, which says where the API is: one address for the app and the API, which sees the Host
	// that the browser asked for.
	server: {
		proxy: Object.fromEntries(
			['/api', '/feed', '/health', '/ready', '/docs', '/openapi.json'].map((path) => [
				path,
				{ target: process.env.AUDIOBREW_DEV_API ?? 'http://127.0.0.1:8000', changeOrigin: false }
			])
		)
	},
	test: {
		include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
		environment: 'node',
		expect: { requireAssertions: true }
	}
});
