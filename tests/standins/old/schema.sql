-- A Supabase project's database as far as the old application used it. First what every project has:
-- the roles that its Data API takes, and the accounts. Roles are one for all databases of a cluster.

do $$
declare one text;
begin
  foreach one in array array[
    'anon nologin noinherit',
    'authenticated nologin noinherit',
    'service_role nologin noinherit bypassrls',
    'authenticator login noinherit',
    'supabase_auth_admin login noinherit',
    'dashboard login createrole'  -- the SQL editor's; its name there is postgres, but it is no superuser
  ] loop
    if to_regrole(split_part(one, ' ', 1)) is null then
      execute 'create role ' || one;
    end if;
  end loop;
end $$;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to dashboard with admin option;

create schema auth;
create table auth.users (
  id uuid primary key,
  email text,
  created_at timestamptz not null default now()
);
create function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;
grant usage on schema auth to anon, authenticated, service_role, dashboard, supabase_auth_admin;
grant all on auth.users to supabase_auth_admin;
grant select, references on auth.users to dashboard;

do $$ begin execute format('grant create on database %I to dashboard', current_database()); end $$;
grant usage, create on schema public to dashboard;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges for role dashboard in schema public
  grant all on tables to anon, authenticated, service_role;

-- Then what the old application's own migrations made.

set role dashboard;

create table public.podcasts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  audio_url text unique,
  script_markdown text not null default '',
  duration integer not null check (duration > 0),
  source_emails integer not null check (source_emails >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index podcasts_of_a_user on public.podcasts (user_id, created_at desc);
alter table public.podcasts enable row level security;
create policy own_select on public.podcasts for select using (auth.uid() = user_id);
create policy own_insert on public.podcasts for insert with check (auth.uid() = user_id);
create policy own_update on public.podcasts for update using (auth.uid() = user_id);
create policy own_delete on public.podcasts for delete using (auth.uid() = user_id);

create table public.gmail_connections (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique references auth.users (id) on delete cascade,
  credentials jsonb not null,
  email text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.gmail_connections enable row level security;
create policy own_all on public.gmail_connections for all using (auth.uid() = user_id);
create policy service_manage_all on public.gmail_connections for all using (true);  -- gives every client access

create function public.touch() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end $$;
create trigger touched before update on public.podcasts
  for each row execute function public.touch();
create trigger touched before update on public.gmail_connections
  for each row execute function public.touch();

reset role;
