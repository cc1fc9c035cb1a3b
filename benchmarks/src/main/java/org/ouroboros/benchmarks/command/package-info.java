/** What the commands have in common: options, outputs, and how they end when something is wrong. */
@NullMarked
package org.ouroboros.benchmarks.command;

import org.jspecify.annotations.NullMarked;
