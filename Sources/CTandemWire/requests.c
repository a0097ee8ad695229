/* SPDX-License-Identifier: Apache-2.0 */
/* The registry of methods as C sees it. */
#include "requests.h"

#include "tandem/v1/customers.pb-c.h"
#include "tandem/v1/deals.pb-c.h"
#include "tandem/v1/feed.pb-c.h"
#include "tandem/v1/leads.pb-c.h"
#include "tandem/v1/methods.pb-c.h"
#include "tandem/v1/notifications.pb-c.h"
#include "tandem/v1/organisations.pb-c.h"
#include "tandem/v1/realms.pb-c.h"
#include "tandem/v1/rules.pb-c.h"
#include "tandem/v1/solutions.pb-c.h"
#include "tandem/v1/system.pb-c.h"
#include "tandem/v1/transactions.pb-c.h"
#include "tandem/wire/v1/wire.pb-c.h"

const ProtobufCMessageDescriptor *tandem_request_descriptor(uint16_t method) {
  switch (method) {
    case TANDEM__V1__METHOD__METHOD_DESCRIBE: return &tandem__v1__describe_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_HEALTH: return &tandem__v1__health_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_CREATE_DEAL: return &tandem__v1__create_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_GET_DEAL: return &tandem__v1__get_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_PATCH_DEAL: return &tandem__v1__patch_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_DEALS: return &tandem__v1__list_deals_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_FAVOURITE: return &tandem__v1__set_favourite_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_WIN_DEAL: return &tandem__v1__win_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LOSE_DEAL: return &tandem__v1__lose_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_INVITE_TO_DEAL: return &tandem__v1__invite_to_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ACKNOWLEDGE_DEAL: return &tandem__v1__acknowledge_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ACCEPT_DEAL: return &tandem__v1__accept_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_DECLINE_DEAL: return &tandem__v1__decline_deal_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_DEAL_HISTORY: return &tandem__v1__deal_history_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_CLOSE_DEAL_AS_ERROR: return &tandem__v1__close_deal_as_error_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_DESCRIBE_DEAL_ACTIONS: return &tandem__v1__describe_deal_actions_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_GET_DEALS: return &tandem__v1__get_deals_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_AGGREGATE_DEALS: return &tandem__v1__aggregate_deals_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_DESCRIBE_RULES: return &tandem__v1__describe_rules_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_WATCH: return &tandem__v1__watch_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_EXTEND_INVITATION: return &tandem__v1__extend_invitation_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_TRANSACT: return &tandem__v1__transact_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_NOTIFICATIONS: return &tandem__v1__list_notifications_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_MARK_NOTIFICATIONS_READ: return &tandem__v1__mark_notifications_read_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_GET_NOTIFICATION_PREFERENCES: return &tandem__v1__get_notification_preferences_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_NOTIFICATION_PREFERENCES: return &tandem__v1__set_notification_preferences_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_NOTIFICATION_SETTINGS: return &tandem__v1__set_notification_settings_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_REGISTER_ORGANISATION: return &tandem__v1__register_organisation_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_ORGANISATIONS: return &tandem__v1__list_organisations_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_GET_ORGANISATION: return &tandem__v1__get_organisation_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ADD_USER: return &tandem__v1__add_user_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_USERS: return &tandem__v1__list_users_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_USER_GRANTS: return &tandem__v1__set_user_grants_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ADD_LOCATION: return &tandem__v1__add_location_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_LOCATIONS: return &tandem__v1__list_locations_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ISSUE_KEY: return &tandem__v1__issue_key_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_KEYS: return &tandem__v1__list_keys_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_REVOKE_KEY: return &tandem__v1__revoke_key_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_STAGE_NAMES: return &tandem__v1__set_stage_names_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_RECENT_CONTACTS: return &tandem__v1__list_recent_contacts_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_UPDATE_ORGANISATION: return &tandem__v1__update_organisation_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_UPDATE_REALM: return &tandem__v1__update_realm_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_CREATE_REALM: return &tandem__v1__create_realm_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_REALMS: return &tandem__v1__list_realms_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_GET_REALM: return &tandem__v1__get_realm_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ADVANCE_CLOCK: return &tandem__v1__advance_clock_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_IMPORT_CUSTOMERS: return &tandem__v1__import_customers_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SUGGEST_CUSTOMERS: return &tandem__v1__suggest_customers_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_ROUTING_RULES: return &tandem__v1__set_routing_rules_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_ROUTING_RULES: return &tandem__v1__list_routing_rules_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_PUBLISH_SOLUTION: return &tandem__v1__publish_solution_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_SOLUTIONS: return &tandem__v1__list_solutions_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_DESCRIBE_ELIGIBILITY: return &tandem__v1__describe_eligibility_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SEND_LEAD: return &tandem__v1__send_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_GET_LEAD: return &tandem__v1__get_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LIST_LEADS: return &tandem__v1__list_leads_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ACCEPT_LEAD: return &tandem__v1__accept_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_DECLINE_LEAD: return &tandem__v1__decline_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_WIN_LEAD: return &tandem__v1__win_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_LOSE_LEAD: return &tandem__v1__lose_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_ARCHIVE_LEAD: return &tandem__v1__archive_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_CONVERT_LEAD: return &tandem__v1__convert_lead_request__descriptor;
    case TANDEM__V1__METHOD__METHOD_SET_LEAD_FAVOURITE: return &tandem__v1__set_lead_favourite_request__descriptor;
    default: return NULL;
  }
}

const ProtobufCMessageDescriptor *tandem_wire_descriptor(uint32_t message) {
  switch (message) {
    case TANDEM_WIRE_HELLO: return &tandem__wire__v1__hello__descriptor;
    case TANDEM_WIRE_WELCOME: return &tandem__wire__v1__welcome__descriptor;
    case TANDEM_WIRE_META: return &tandem__wire__v1__meta__descriptor;
    case TANDEM_WIRE_ERROR_STATUS: return &tandem__wire__v1__error_status__descriptor;
    case TANDEM_WIRE_GO_AWAY: return &tandem__wire__v1__go_away__descriptor;
    default: return NULL;
  }
}
