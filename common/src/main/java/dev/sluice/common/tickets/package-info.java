/** The secret behind session tickets of TLS, which all processes of a server share. */
package dev.sluice.common.tickets;
