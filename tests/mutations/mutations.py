"""Small breaks of the library: each is wrong in one way that a user could notice.

A break is a name, what it does wrong, and edits of module sources. In an edit, MUTATED is true when this break was
chosen; so all of them fit into one build, and the environment says which one is wrong in a run.
"""


class Mutation:
    def __init__(self, name, wrong, *edits):
        self.name = name
        self.wrong = wrong
        self.edits = edits  # (file, text there once, text instead)


BLOCK = "protocol/block.cppm"
DEATH = "protocol/death.cppm"
TABLE = "container/table.cpp"
FINALIZER = "reference/finalizer.cpp"
REGISTRY = "protocol/registry.cppm"
REF = "reference/ref.cppm"

MUTATIONS = [
    # ---- references and their order
    Mutation(
        "oldest_callback_first", "callbacks run in the order in which references were made",
        (BLOCK, "      links::link_before(first, &added);\n      ring.set_first(&added);",
         "      links::link_before(first, &added);\n"
         "      if (!MUTATED || added.kind == node_kind::leading) ring.set_first(&added);")),
    Mutation(
        "proxy_does_not_lead", "a later reference comes before the shared proxy, which is not found again",
        (BLOCK, "if (first->kind == node_kind::leading &&", "if (!MUTATED && first->kind == node_kind::leading &&")),
    Mutation(
        "proxies_are_not_shared", "proxy(o) is another proxy each time",
        ("reference/proxy.cpp", "if (first == nullptr || first->kind",
         "if (MUTATED || first == nullptr || first->kind")),
    Mutation(
        "shared_reference_is_not_counted", "getweakrefcount() leaves the shared reference out",
        ("reference/inspection.cpp", "referent.is_shared() ? 1 : 0", "!MUTATED && referent.is_shared() ? 1 : 0")),
    Mutation(
        "shared_reference_is_not_listed", "getweakrefs() leaves the shared reference out",
        ("reference/inspection.cppm", "block.is_shared()) {", "!MUTATED && block.is_shared()) {")),
    Mutation(
        "finished_finalizers_count", "a finalizer that has run is still a reference",
        (REGISTRY, "taken.referent->retire(taken);", "if (!MUTATED) taken.referent->retire(taken);")),

    # ---- equality and hashes
    Mutation(
        "dead_references_are_equal", "two dead references are equal",
        (REF, "  if (x == None || y == None) return a.word() == b.word();",
         "  if (MUTATED && x == None && y == None) return true;\n"
         "  if (x == None || y == None) return a.word() == b.word();")),
    Mutation(
        "live_references_compare_by_identity", "references do not compare as their referents do",
        (REF, "return static_cast<bool>(*x == *y);", "return MUTATED ? x == y : static_cast<bool>(*x == *y);")),
    Mutation(
        "shared_reference_forgets_its_hash", "the shared reference has no hash once its referent is dead",
        ("protocol/block.cppm", "    ring.set_hash(&offered);", "    if (!MUTATED) ring.set_hash(&offered);")),
    Mutation(
        "reference_forgets_its_hash", "a reference with a callback has no hash once its referent is dead",
        ("reference/hash_cache.cpp", "own->hash_known.store(true,", "own->hash_known.store(!MUTATED,")),
    Mutation(
        "dead_references_hash", "a dead reference that was never hashed gives 0",
        (REF, "    if (referent == weakref::None) throw",
         "    if (MUTATED && referent == weakref::None) return 0;\n    if (referent == weakref::None) throw")),

    # ---- death
    Mutation(
        "callback_outlives_its_call", "a callback is not destroyed after it ran",
        (REF, "callback_.reset(); }", "if (!MUTATED) callback_.reset(); }")),
    Mutation(
        "dead_reference_shows_its_callback", "a reference has its callback after the referent died",
        (REF, "    return alive != None && own->has_callback();",
         "    return (MUTATED || alive != None) && own->has_callback();")),
    Mutation(
        "exceptions_of_callbacks_are_lost", "what a callback throws does not reach the hook",
        ("reference/callback.cppm", '    report_unraisable("Exception ignored while calling weakref callback");',
         '    if (!MUTATED) report_unraisable("Exception ignored while calling weakref callback");')),
    Mutation(
        "references_die_before_del", "references are dead, and callbacks run, before del()",
        ("object/death.cpp", "    try {\n      object_access::run_del(orphan);",
         "    if (MUTATED) {\n"
         "      if (weak_reference* const cleared = clear_references(block_of(orphan))) {\n"
         "        notify_references(block_of(orphan), cleared);\n"
         "      }\n"
         "    }\n    try {\n      object_access::run_del(orphan);")),
    Mutation(
        "del_runs_again", "del() runs again when a resurrected object dies",
        (BLOCK, "counts_.store(seen & ~finalizer_pending,", "counts_.store(MUTATED ? seen : seen & ~finalizer_pending,"),
        (BLOCK, "counts_.fetch_and(~finalizer_pending,", "counts_.fetch_and(MUTATED ? ~word{0} : ~finalizer_pending,")),
    Mutation(
        "callbacks_run_last", "callbacks run after the destructor",
        ("object/death.cpp",
         "  if (cleared != nullptr) [[unlikely]]\n    notify(block_of(dead), cleared, thread);\n"
         "  object_access::destroy(dead, ending(dead, outlived));\n",
         "  block& front = block_of(dead);\n"
         "  if (!MUTATED && cleared != nullptr) notify(front, cleared, thread);\n"
         "  object_access::destroy(dead, ending(dead, outlived));\n"
         "  if (MUTATED && cleared != nullptr) notify(front, cleared, thread);\n")),
    Mutation(
        "entries_leave_last", "callbacks that run before an entry's turn still find the dead entry counted",
        (DEATH, "if (at->kind == node_kind::entry) at->leave();",
         "if (!MUTATED && at->kind == node_kind::entry) at->leave();"),
        (DEATH, "    if (at.kind == node_kind::entry) {\n      at.let_go();",
         "    if (at.kind == node_kind::entry) {\n      if (MUTATED) at.leave();\n      at.let_go();")),

    Mutation(
        "chain_of_del_takes_the_stack", "a del() within del() runs at once, however deep",
        ("object/death.cpp", "thread.user_code >= deepest_del && wait", "!MUTATED && thread.user_code >= deepest_del && wait")),
    Mutation(
        "reference_that_died_early_is_not_called", "a referent that dies in the constructor of its reference does not call back",
        ("object/death.cpp", "  made.notify();\n", "  if (!MUTATED) made.notify();\n")),
    Mutation(
        "owners_are_miscounted", "getrefcount() is wrong above 3",
        (BLOCK, "    return owners(counts_.load(std::memory_order_relaxed));\n",
         "    const std::uint32_t count = owners(counts_.load(std::memory_order_relaxed));\n"
         "    return MUTATED && count > 3 ? 3 : count;\n")),

    # ---- proxies
    Mutation(
        "threads_get_different_proxies", "two threads that ask for the proxy of an object may get two",
        ("reference/proxy.cpp",
         "  if (proxy_reference* const present = leading_proxy(ring)) return {adopt_share(), present};\n  referent.attach",
         "  if (!MUTATED) {\n"
         "    if (proxy_reference* const present = leading_proxy(ring)) return {adopt_share(), present};\n"
         "  }\n  referent.attach")),
    Mutation(
        "proxy_error_is_worded_differently", "the ReferenceError of a dead proxy has another message",
        ("reference/proxy.cppm", 'ReferenceError("weakly-referenced object no longer exists")',
         'ReferenceError(MUTATED ? "the object is gone" : "weakly-referenced object no longer exists")')),

    # ---- containers
    Mutation(
        "replacement_goes_to_the_end", "setting a key again moves it to the end",
        (TABLE, "    order_.insert(order_.iterator_to(old), fresh);",
         "    order_.insert(MUTATED ? order_.end() : order_.iterator_to(old), fresh);")),
    Mutation(
        "replacement_is_new_to_iterations", "an iteration stops at a value that was replaced after it began",
        (TABLE, "    fresh.serial = old.serial;", "    fresh.serial = MUTATED ? next_serial_++ : old.serial;")),
    Mutation(
        "iteration_sees_additions", "an iterator yields what was put in after it began",
        (TABLE, "if (next->serial >= end_) {", "if (!MUTATED && next->serial >= end_) {")),
    Mutation(
        "iterator_loses_its_place", "an iterator begins anew when its element left",
        (TABLE, "at_ != nullptr ? table_->after(*at_)",
         "at_ != nullptr && !(MUTATED && !at_->member) ? table_->after(*at_)")),
    Mutation(
        "popitem_takes_the_oldest", "popitem() takes the oldest item",
        (TABLE, "table_->last(); entry != nullptr; entry = table_->before(*entry)",
         "MUTATED ? table_->first() : table_->last(); entry != nullptr;\n"
         "       entry = MUTATED ? table_->after(*entry) : table_->before(*entry)")),
    Mutation(
        "setdefault_replaces", "setdefault() and add() replace what is there",
        (TABLE, "} else if (!keep(*old)) {", "} else if (!keep(*old) || MUTATED) {")),
    Mutation(
        "pop_leaves_the_entry", "pop() and del leave the entry in",
        (TABLE, "  removed = found.table.take(*entry);",
         "  if (!MUTATED) removed = found.table.take(*entry);")),
    Mutation(
        "size_never_shrinks", "the size counts what left",
        (TABLE, "    set_size(size() - 1);", "    if (!MUTATED) set_size(size() - 1);")),
    Mutation(
        "equal_hashes_suffice", "keys of one hash are taken for equal",
        (TABLE, "const bool equal = wanted.equal(candidate, wanted.key);",
         "const bool equal = wanted.equal(candidate, wanted.key) || MUTATED;")),
    Mutation(
        "entry_of_a_key_that_left_is_used", "a look-up gives what left while a key was compared",
        (TABLE, "      if (!has(candidate)) {", "      if (!has(candidate) && !(MUTATED && equal)) {")),
    Mutation(
        "key_keeps_its_first_value", "setting another value for a key does nothing",
        ("container/key_table.cppm", "          swap(mine, base::value_in_entry(entry));",
         "          if (!MUTATED) swap(mine, base::value_in_entry(entry));")),
    Mutation(
        "intersection_is_of_our_elements", "an intersection has our elements, not the other's",
        ("container/element_set.cppm", "      if (used.contains(element)) result.add(std::move(element));",
         "      if (used.contains(element)) result.add(MUTATED ? used.find(element) : std::move(element));")),
    Mutation(
        "everything_is_disjoint", "isdisjoint() is always true",
        ("container/element_set.cppm", "      if (used.contains(element)) return false;",
         "      if (!MUTATED && used.contains(element)) return false;")),

    # ---- WeakMethod
    Mutation(
        "weak_method_compares_objects_only", "methods of one object are equal",
        ("reference/weak_method.cppm", "if (!detail::same_function(x->func, y->func)) return false;",
         "if (!MUTATED && !detail::same_function(x->func, y->func)) return false;")),
    Mutation(
        "weak_method_calls_back_twice", "the callback runs for the object and again for the function",
        ("reference/weak_method.cppm", "    call_back(*callback_, dead);\n    callback_.reset();",
         "    call_back(*callback_, dead);\n    if (!MUTATED) callback_.reset();"),
        ("reference/weak_method.cppm", "    if (!self->called_.exchange(true, std::memory_order_relaxed))",
         "    if (!self->called_.exchange(true, std::memory_order_relaxed) || MUTATED)")),

    # ---- finalize
    Mutation(
        "detach_takes_what_peek_copies", "detach() moves out what a concurrent peek() copies",
        ("reference/finalize.cppm", "      if (taken == protocol::use::shared) return info", "      if (taken == protocol::use::shared && !MUTATED) return info")),
    Mutation(
        "setdefault_looks_once", "setdefault() replaces what was set since it looked",
        ("container/value_table.cppm", "      present = hold_referent(old);\n", "      present = MUTATED ? nullptr : hold_referent(old);\n")),
    Mutation(
        "pop_gives_a_replaced_value", "pop() gives a value that was replaced while it was copied",
        ("container/key_table.cppm", "          same = value.holder == seen.holder;", "          same = MUTATED || value.holder == seen.holder;")),
    Mutation(
        "exit_ignores_atexit", "finalizers run at exit though atexit is false",
        (REGISTRY, "if (!is_selected(next)) continue;", "if (!MUTATED && !is_selected(next)) continue;")),
    Mutation(
        "exit_hears_changes", "atexit that is changed while the exit runs counts at once",
        (REGISTRY, "return asked.in_registry_.changed_after == selections_ ?",
         "return !MUTATED && asked.in_registry_.changed_after == selections_ ?")),
    Mutation(
        "exit_does_not_look_again", "a finalizer that is made while the exit runs does not run",
        (REGISTRY, "    is_selected_ = false;", "    if (!MUTATED || selections_ == 0) is_selected_ = false;")),
    Mutation(
        "arguments_go_before_the_reference", "a finalizer that has run is a reference while its arguments are destroyed",
        (REGISTRY, "  void end_claim(Finalizer& taken, claimer by) noexcept {",
         "  void end_claim(Finalizer& taken, claimer by) noexcept {\n"
         "    if (MUTATED && taken.in_registry_.claimed_alone) taken.discard();")),
    Mutation(
        "atexit_outlives_the_finalizer", "atexit of a dead finalizer is true",
        (REGISTRY, "return asked.in_registry_.alive && asked.in_registry_.atexit;",
         "return (asked.in_registry_.alive || MUTATED) && asked.in_registry_.atexit;")),
    Mutation(
        "peek_detaches", "peek() makes the finalizer dead",
        ("reference/finalize.cppm", "    if (!look()) return std::nullopt;",
         "    if (MUTATED) return take();\n    if (!look()) return std::nullopt;")),

    # ---- kinds
    Mutation(
        "generator_is_closed_while_it_runs", "a generator can be closed while it runs",
        ("kind/generator.cppm", "    if (running_) throw RuntimeError(\"generator already executing\");\n    if (const handle",
         "    if (running_ && !MUTATED) throw RuntimeError(\"generator already executing\");\n    if (const handle")),
    # ---- memory
    Mutation(
        "ended_threads_pin_nothing", "pinned_bytes() forgets what threads pinned that have ended",
        ("object/thread_storage.cpp", "    count_pinned(ended.pinned());", "    if (!MUTATED) count_pinned(ended.pinned());")),
    Mutation(
        "unrecorded_object_is_made", "an object that could not be recorded as unmade is taken for a made one",
        ("object/unmade.cpp", "      home.complete = false;", "      home.complete = MUTATED;")),
    Mutation(
        "pages_stay", "the pages inside a dead object stay while references remain",
        ("object/storage.cpp", "  if (pages.empty()) return 0;", "  if (pages.empty() || MUTATED) return 0;")),
    Mutation(
        "forked_process_counts_ended_threads", "a forked process has the threads of its parent in its register",
        ("object/thread_storage.cpp", "if (here == process::child) all", "if (!MUTATED && here == process::child) all")),
    Mutation(
        "forked_process_waits_for_a_ring", "a finalizer of a forked process waits for a thread that is not there",
        (REGISTRY, "      each->in_registry_.is_cut_off = true;", "      each->in_registry_.is_cut_off = !MUTATED;")),
    Mutation(
        "fork_does_not_wait_for_finalizers", "a fork copies the lock of the finalizers as it is",
        (FINALIZER, "  registry.lock.lock();\n", "  if (!MUTATED) registry.lock.lock();\n"),
        (FINALIZER, "    registry.lock.unlock();\n", "    if (!MUTATED) registry.lock.unlock();\n"),
        (REGISTRY, "    std::construct_at(&lock);", "    if (!MUTATED) std::construct_at(&lock);")),
]
