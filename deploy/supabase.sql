-- Run once in Supabase's SQL editor, before AudioBrew is started: a role of its own, which owns two
-- schemas and nothing else. Put a long random password in place of CHANGE-ME, and into DATABASE_URL:
--   postgresql://audiobrew.<project ref>:<password>@<pooler host>:5432/postgres
-- Neither schema belongs into Project Settings > Data API > Exposed schemas.

create role audiobrew login noinherit password 'CHANGE-ME';
grant audiobrew to postgres;
create schema audiobrew authorization audiobrew;
create schema audiobrew_engine authorization audiobrew;

-- Only where the application that AudioBrew replaces kept its tables: an account that is deleted takes
-- its rows there along.
do $$
declare old text;
begin
  foreach old in array array['podcasts', 'gmail_connections'] loop
    if to_regclass('public.' || old) is not null then
      execute format('grant select, delete on public.%I to audiobrew', old);
      execute format('drop policy if exists audiobrew_reads on public.%I', old);
      execute format('create policy audiobrew_reads on public.%I for select to audiobrew using (true)', old);
      execute format('drop policy if exists audiobrew_deletes on public.%I', old);
      execute format('create policy audiobrew_deletes on public.%I for delete to audiobrew using (true)', old);
    end if;
  end loop;
end $$;
