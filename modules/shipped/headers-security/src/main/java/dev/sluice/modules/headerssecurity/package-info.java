/** Fields of answers that tell browsers to be careful. */
package dev.sluice.modules.headerssecurity;
