create table bookings (
  place bigint generated always as identity primary key,
  id text not null,
  customer text not null,
  runs integer not null
);
