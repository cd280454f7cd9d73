-- Run today, in Supabase's SQL editor, on the project of the application that AudioBrew replaces. It can
-- be run again, waits at most three seconds for a lock, and that application goes on working: it comes
-- with the service key, for which none of this holds.
--
-- What it ends: a policy without a role let everybody who has the public key (it is in every browser) read
-- and change every listener's Gmail credentials. And a signed-in listener could read the application's
-- Google client secret in their own row. What was read until now stays read: docs/security-advisory.md.

begin;
set local lock_timeout = '3s';

drop policy if exists service_manage_all on public.gmail_connections;
alter table public.gmail_connections enable row level security;
alter table public.podcasts enable row level security;
revoke all on public.gmail_connections from public, anon, authenticated;
revoke all on public.podcasts from public, anon;

commit;

-- Each must be "closed":
select name as table,
  case when has_table_privilege('anon', name, 'select, insert, update, delete') then 'OPEN' else 'closed' end
from unnest(array['public.gmail_connections', 'public.podcasts']) as name;
