-- Run this today in Supabase's SQL editor, in the project of the old application. It can be repeated, and it
-- waits at most three seconds for a lock. The old application keeps working, because policies and revoked
-- rights do not apply to its service key.
--
-- It closes two holes: a policy without a role let everybody with the public key, which every browser has,
-- read and change all listeners' Gmail credentials. And signed-in listeners could read the application's
-- Google client secret in their own row. It cannot undo earlier access: see docs/security-advisory.md.

begin;
set local lock_timeout = '3s';

drop policy if exists service_manage_all on public.gmail_connections;
alter table public.gmail_connections enable row level security;
alter table public.podcasts enable row level security;
revoke all on public.gmail_connections from public, anon, authenticated;
revoke all on public.podcasts from public, anon;

commit;

-- Both lines must say "closed":
select name as table,
  case when has_table_privilege('anon', name, 'select, insert, update, delete') then 'OPEN' else 'closed' end
from unnest(array['public.gmail_connections', 'public.podcasts']) as name;
