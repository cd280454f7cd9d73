/**
 * AudioBrew on Railway: a server and workers from one image. `railway config plan`, then `apply`.
 *
 * This is the file that Railway reads. railway.toml repeats its server for our own tests; Railway stops
 * reading that one on 2026-12-01. A test holds both equal.
 * Checked: TypeScript against Railway's own types, and what they make of it. Not checked: a plan or a
 * deployment, which need an account. Set the repository's name below to yours.
 */
import { defineRailway, github, preserve, project, service } from 'railway/iac';

const VARIABLES = [
	'SUPABASE_URL',
	'SUPABASE_SECRET_KEY',
	'SUPABASE_PUBLISHABLE_KEY',
	'DATABASE_URL',
	'GOOGLE_CLIENT_ID',
	'GOOGLE_CLIENT_SECRET',
	'REDIRECT_URI',
	'OPENAI_API_KEY',
	'METRICS_TOKEN'
];

export default defineRailway(() => {
	const image = {
		source: github('audiobrew/audiobrew', { branch: 'main' }),
		build: {
			builder: 'DOCKERFILE' as const,
			dockerfilePath: 'deploy/Dockerfile',
			watchPatterns: ['backend/**', 'pyproject.toml', 'uv.lock', 'deploy/Dockerfile']
		},
		env: Object.fromEntries(VARIABLES.map((name) => [name, preserve()]))
	};
	const api = service('api', {
		...image,
		// Railway names the client in a header of its own: docs/limits.md.
		env: { ...image.env, AUDIOBREW_CLIENT_ADDRESS_HEADER: 'X-Real-IP' },
		start: 'audiobrew serve',
		preDeploy: 'audiobrew migrate',
		healthcheck: '/ready',
		healthcheckTimeout: 120,
		replicas: 2,
		deploy: {
			restartPolicyType: 'ON_FAILURE',
			restartPolicyMaxRetries: 5,
			overlapSeconds: 30,
			drainingSeconds: 60
		}
	});
	const worker = service('worker', {
		...image,
		// Figures and health, on the private network: Railway asks about health only where it serves.
		env: { ...image.env, AUDIOBREW_WORKER_PORT: '9091' },
		start: 'audiobrew worker',
		replicas: 2,
		deploy: { restartPolicyType: 'ALWAYS', drainingSeconds: 60 }
	});
	return project('audiobrew', { resources: [api, worker] });
});
