// A gateway that gives each CPE credentials of its own, and what all CPEs come with at first.
export const SHARED = { username: 'cpe', password: 's3cret' };
export const PROVISIONING = {
  'cwmp.auth': 'digest',
  'cwmp.username': SHARED.username,
  'cwmp.password': SHARED.password,
  'credentials.provision': 'true',
  'park.idle': '1s',
};
/** The shared ones are good until a CPE has its own. */
export const SHARED_THEN_OWN = { ...PROVISIONING, 'cwmp.enrolment': 'shared-secret' };
