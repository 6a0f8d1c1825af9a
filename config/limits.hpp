#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the house that is not a setting, each with the reason for its size. A limit that an
/// operator may want to move is a setting instead (docs/config.md); its default is there.
namespace troupe::limits {

inline constexpr std::size_t kib = 1024;
inline constexpr std::size_t mib = 1024 * kib;

// Calls and tasks (CORE.md §1, §3, §4).

/// Deeper chains are cycles in practice: each hop holds an open task and repeats the chain in its envelope.
inline constexpr std::size_t call_chain_max = 32;

/// A replay answers every effect again before the task goes on: this bounds a restart to well under a
/// second. Longer lives use continue_with, which starts a fresh journal.
inline constexpr std::size_t task_effects_max = 10'000;

/// A task's branches under when_all; each costs a coroutine frame and a fiber path in its effects' ids.
inline constexpr std::size_t task_fibers_max = 1'024;

/// A message or task that brings its handler down three times will do so a fourth time.
inline constexpr std::uint32_t poison_crashes_max = 3;

/// Answers are kept for callers that lost them; a caller silent for a day will not come back for it.
inline constexpr std::chrono::hours call_answer_kept{24};

/// How long a restart after an unclean end waits for one suspect's turn before it starts the next.
inline constexpr std::chrono::seconds suspect_turn_wait{5};

// Agents and messages.

/// Ids are key columns of nearly every table: long ones multiply through indexes.
inline constexpr std::size_t agent_id_bytes_max = 256;

/// The verb a message or effect carries; a name, not a payload.
inline constexpr std::size_t verb_bytes_max = 128;

/// Tokens of the outside: idempotency keys, correlation ids, trace parents.
inline constexpr std::size_t token_bytes_max = 256;

/// An envelope is held whole by sender, link and receiver; larger things travel as blobs by reference.
inline constexpr std::size_t envelope_bytes_max = 1 * mib;

/// From here payloads live outside the rows, so that a commit group stays a few pages (CORE.md §8).
inline constexpr std::size_t blob_threshold_bytes = 32 * kib;

/// The largest single blob: read into memory whole by whoever uses it.
inline constexpr std::size_t blob_bytes_max = 64 * mib;

/// Mail kept in memory for one agent. The store holds the rest; this only saves a read, so it stays small
/// enough that 10,000 busy agents cannot exhaust a laptop by their number of messages alone.
inline constexpr std::size_t mailbox_messages_in_memory_max = 256;
inline constexpr std::size_t mailbox_bytes_in_memory_max = 1 * mib;

/// Signals nobody waits for yet, kept per agent until a wait takes them or their time to live ends.
inline constexpr std::size_t signals_stored_max = 1'000;

/// A signal no wait took in a week answers a question nobody asks any more.
inline constexpr std::chrono::hours signal_time_to_live{24 * 7};

/// One state document is written whole in each commit that touches it.
inline constexpr std::size_t state_document_bytes_max = 1 * mib;

/// State is loaded whole on activation: documents times their size must fit a node's memory many times.
inline constexpr std::size_t state_documents_max = 1'024;

/// A document's name is part of a key.
inline constexpr std::size_t state_key_bytes_max = 256;

/// Timers of one agent; a schedule of thousands belongs into rows of its own kind.
inline constexpr std::size_t timers_max = 1'000;

/// Effects one turn may ask for: all of them are rows of one commit.
inline constexpr std::size_t turn_effects_max = 1'024;

// Workflows.

/// Items of one `map`: each is a part of the run's state.
inline constexpr std::size_t map_items_max = 10'000;

/// Items at once where a `map` does not say: enough to keep a node busy, few enough for a service behind it.
inline constexpr std::size_t map_parallel_max = 64;

/// Rounds of one `loop`.
inline constexpr std::int64_t loop_rounds_max = 100'000;

/// An attempt of `effect: once` without a time-out of its own may still act for this long.
inline constexpr std::chrono::seconds once_settles{60};

/// A node that lost touch with its store acts at most this long (CORE.md §9).
inline constexpr std::chrono::seconds lease{10};

/// Steps that may follow from one record without an answer from outside: a run that wants more is told so.
inline constexpr std::size_t steps_per_record_max = 100'000;

/// Mail of an agent that is stopped or failed and does not run: what is older, or more than a mailbox holds
/// in memory, becomes dead letters in order.
inline constexpr std::chrono::hours stopped_mail_time_to_live{24 * 7};

// Files people write: settings, workflows, agents (config/document).

/// Read whole into memory, and the library scans on past what we refuse: this bounds a refusal to a third of
/// a second. A workflow of a thousand lines has some 25 KiB.
inline constexpr std::size_t document_bytes_max = 1 * mib;

/// Consumers walk documents by recursion, so nesting is stack: far below one that a thread can bear, and
/// three levels per nested workflow step still leave forty steps.
inline constexpr std::size_t document_depth_max = 128;

/// Values and keys a walk may visit, aliases followed: one for each four bytes of the largest file, which is
/// denser than any real one. "Billion laughs" reaches any number from a few lines.
inline constexpr std::size_t document_nodes_max = 262'144;

/// Text a walk may visit, aliases followed: a megabyte behind an alias used a hundred times is one too.
inline constexpr std::size_t document_text_bytes_max = 16 * mib;

/// Steps of one workflow: each has a path in every run's state. A file of the largest size holds more, made
/// of aliases; a workflow of workflows has no such limit.
inline constexpr std::size_t workflow_steps_max = 10'000;

/// Findings kept per file: after a hundred, the rest follow from the first ones.
inline constexpr std::size_t diagnostics_max = 100;

/// A source line is shown around its caret, not whole: JSON comes as one line of megabytes.
inline constexpr std::size_t excerpt_columns_max = 160;

/// Longer words than this are not misspelled names, and edit distance is quadratic.
inline constexpr std::size_t suggestion_bytes_max = 64;

/// A person looks for a name among dozens; comparing with thousands for each finding would take seconds.
inline constexpr std::size_t suggestion_candidates_max = 1'000;

// Expressions in those files (config/expression).

/// A condition is a line, not a program; a table of thousands of rows belongs into an agent.
inline constexpr std::size_t expression_bytes_max = 16 * kib;

/// Operators, names and literals of one expression: some three bytes each, so a long text reaches its bytes
/// first.
inline constexpr std::size_t expression_nodes_max = 4'096;

/// Parser, checker and evaluator walk by recursion: two KiB of stack a level, below one MiB in all.
inline constexpr std::size_t expression_depth_max = 250;

/// Operations of one evaluation, some 50 ns each: a decision stays below a hundredth of a second.
inline constexpr std::size_t expression_steps_max = 200'000;

/// Any value that an expression builds, about as bytes of JSON: what fits an envelope.
inline constexpr std::size_t expression_weight_max = envelope_bytes_max;

/// What a regular expression may take, compiled: RE2's own default for a program and its caches is 8 MiB.
inline constexpr std::size_t expression_pattern_memory = 1 * mib;

// Schedules (workflows/schedule).

/// Each start is a run with a journal of its own; faster ones are a loop within a run.
inline constexpr std::chrono::seconds schedule_interval_min{1};

/// How far a list of coming times looks ahead: a leap day is at most eight years away.
inline constexpr std::chrono::years schedule_outlook{8};

/// Times in one list.
inline constexpr std::size_t schedule_listed_max = 1'000;
/// Rules of a decision table: each is an expression, judged one after the other in one turn.
inline constexpr std::size_t decision_rules_max = 10'000;

// Programs of transform.jq: each runs in a process of its own.

/// A transformation is a page, not an application.
inline constexpr std::size_t jq_program_bytes_max = 16 * kib;

/// What a step may hand on; larger things are not reshaped but stored.
inline constexpr std::size_t jq_output_bytes_max = 512 * kib;

/// By the wall clock: jq needs some 30 ms to begin with, many times that on a machine that is busy elsewhere.
inline constexpr std::chrono::seconds jq_time_max{5};
inline constexpr std::size_t jq_memory_bytes_max = 256 * mib;

/// One setting's value; paths and URLs are the longest.
inline constexpr std::size_t setting_bytes_max = 4 * kib;

// JSON Schemas and JSON from outside (config/schema).

/// Schemas are written by people or generated from types; the largest seen in the wild are some 100 KiB.
inline constexpr std::size_t json_schema_bytes_max = 256 * kib;
inline constexpr std::size_t json_schema_parts_max = 20'000;

/// One level of JSON costs one level of recursion in the validator: 128 stay far below a worker's stack.
inline constexpr int json_depth_max = 128;

/// Alternatives that nest multiply; a check that takes more steps than this is refused, not waited for.
inline constexpr std::uint64_t schema_check_steps_max = 2'000'000;

/// A compiled pattern's program. RE2 runs in linear time, so memory is all that needs a bound.
inline constexpr std::int64_t pattern_program_bytes_max = 1 * mib;

/// What of a document's own words goes into a message for people.
inline constexpr std::size_t quoted_text_bytes_max = 300;

} // namespace troupe::limits
