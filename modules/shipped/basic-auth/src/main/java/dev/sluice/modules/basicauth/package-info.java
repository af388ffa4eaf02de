/** HTTP Basic authentication (RFC 7617) against files of users and hashed passwords. */
package dev.sluice.modules.basicauth;
