-- Run in Supabase's SQL editor only when AudioBrew's episodes are to be copied back into the table of the
-- application before (`audiobrew adopt --back`): until then AudioBrew cannot write there at all.

grant insert, update on public.podcasts to audiobrew;
drop policy if exists audiobrew_adds on public.podcasts;
create policy audiobrew_adds on public.podcasts for insert to audiobrew with check (true);
drop policy if exists audiobrew_changes on public.podcasts;
create policy audiobrew_changes on public.podcasts for update to audiobrew using (true);
