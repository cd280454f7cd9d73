/** Who is listening: the token that a sign-in link was traded for. */

const KEY = 'audiobrew.session';

class Session {
	token = $state<string | null>(null);
	/** Why the last attempt to sign in did not work. */
	trouble = $state<string | null>(null);

	constructor() {
		if (typeof localStorage === 'undefined') return; // while the landing page is prerendered
		this.token = localStorage.getItem(KEY);
		addEventListener('storage', (event) => {
			if (event.key === KEY) this.token = event.newValue;
		});
	}

	remember(token: string) {
		localStorage.setItem(KEY, token);
		this.token = token;
		this.trouble = null;
	}

	forget() {
		localStorage.removeItem(KEY);
		this.token = null;
	}
}

export const session = new Session();
