/**
 * What a drop-in module compiles against.
 *
 * <p>A module is a jar with
 *
 * <ul>
 * <li>{@code META-INF/services/dev.sluice.module.SluiceModule}, the name of its provider;
 * <li>in its manifest {@code Sluice-Module} (its name: lower-case letters, digits, underscores),
 *     {@code Sluice-Module-Version}, {@code Sluice-Module-Api} (the version it was compiled
 *     against), and if wanted {@code Sluice-Module-Before}, {@code Sluice-Module-After} and {@code
 *     Sluice-Module-Needs}, names of other modules: those that come behind it, before it, and
 *     that have to be there; {@code Sluice-Module-Phases}, words for lists; {@code
 *     Sluice-Module-Variables}, {@code Sluice-Module-Balancers} and {@code Sluice-Module-Counters},
 *     the names of what it brings, 32 at most of each: lower-case letters, digits and underscores,
 *     balancers called as the module is or beginning with its name and an underscore, variables
 *     as none of Sluice is; {@code claim_*} stands for all that begin with {@code claim_};
 * <li>{@code META-INF/sluice/keys.ini}, the keys it adds to the configuration: a section for each,
 *     with {@code type}, {@code sections} and {@code doc}, and where they make sense {@code
 *     default}, {@code min}, {@code max}, {@code words}, {@code repeated}, {@code secret}:
 *     the value of a key with {@code secret = yes} is shown as three asterisks by {@code sluice
 *     -T}, and nowhere else.
 * </ul>
 *
 * <p>What Sluice lends to a hook (exchange, head, piece of a body, output) is valid for this call
 * alone and on its thread: kept and used later it throws {@link IllegalStateException}. Hooks of
 * one worker never run at the same time, but for blocking ones, each of which has a thread of its
 * own. Every hook may throw what it likes; {@link dev.sluice.module.Hooks} says what follows.
 *
 * <p>Each jar has a class loader of its own, above which there are this package and the JDK alone.
 * Nothing of Netty and nothing else of Sluice appears in a signature of this package, so that a
 * module written for one version runs with the next. The manifest of the jar of this package
 * carries {@code Sluice-Module-Api}, the version of this contract; 0.x may change at any release.
 */
package dev.sluice.module;
