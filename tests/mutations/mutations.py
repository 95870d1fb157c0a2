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
        (FINALIZER, "referent->retire(*this);", "if (!MUTATED) referent->retire(*this);")),

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
        ("reference/hash_cache.cpp", "  ring.set_hash(cell.release());",
         "  if (!MUTATED) ring.set_hash(cell.release());")),
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
        (REF, "own != nullptr && !expired() && own->has_callback()",
         "own != nullptr && (MUTATED || !expired()) && own->has_callback()")),
    Mutation(
        "exceptions_of_callbacks_are_lost", "what a callback throws does not reach the hook",
        ("reference/callback.cppm", '    report_unraisable("Exception ignored while calling weakref callback");',
         '    if (!MUTATED) report_unraisable("Exception ignored while calling weakref callback");')),
    Mutation(
        "references_die_before_del", "references are dead, and callbacks run, before del()",
        ("object/death.cpp", "    try {\n      finalizer_of::run(orphan);",
         "    if (MUTATED) {\n"
         "      if (weak_reference* const cleared = clear_references(block_of(orphan))) {\n"
         "        notify_references(block_of(orphan), cleared);\n"
         "      }\n"
         "    }\n    try {\n      finalizer_of::run(orphan);")),
    Mutation(
        "del_runs_again", "del() runs again when a resurrected object dies",
        (BLOCK, "counts_.store(seen & ~finalizer_pending,", "counts_.store(MUTATED ? seen : seen & ~finalizer_pending,"),
        (BLOCK, "counts_.fetch_and(~finalizer_pending,", "counts_.fetch_and(MUTATED ? ~word{0} : ~finalizer_pending,")),
    Mutation(
        "callbacks_run_last", "callbacks run after the destructor",
        ("object/death.cpp", "  if (cleared != nullptr) [[unlikely]]\n    notify(block_of(dead), cleared, thread);\n  const ending",
         "  if (!MUTATED && cleared != nullptr) [[unlikely]]\n    notify(block_of(dead), cleared, thread);\n  const ending"),
        ("object/death.cpp", "  thread.dying = outer;\n",
         "  thread.dying = outer;\n  if (MUTATED && cleared != nullptr) notify(block_of(dead), cleared, thread);\n")),
    Mutation(
        "entries_leave_last", "callbacks that run before an entry's turn still find the dead entry counted",
        (DEATH, "if (at->kind == node_kind::entry) at->leave();",
         "if (!MUTATED && at->kind == node_kind::entry) at->leave();"),
        (DEATH, "    if (at.kind == node_kind::entry) {\n      at.let_go();",
         "    if (at.kind == node_kind::entry) {\n      if (MUTATED) at.leave();\n      at.let_go();")),

    # ---- proxies
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
        "exit_ignores_atexit", "finalizers run at exit though atexit is false",
        (FINALIZER, "if (!is_selected(next)) continue;", "if (!MUTATED && !is_selected(next)) continue;")),
    Mutation(
        "exit_hears_changes", "atexit that is changed while the exit runs counts at once",
        (FINALIZER, "asked.changed_after_ == selections_ ? asked.was_selected_ : asked.atexit_;",
         "!MUTATED && asked.changed_after_ == selections_ ? asked.was_selected_ : asked.atexit_;")),
    Mutation(
        "exit_does_not_look_again", "a finalizer that is made while the exit runs does not run",
        (FINALIZER, "    is_selected_ = false;", "    if (!MUTATED || selections_ == 0) is_selected_ = false;")),
    Mutation(
        "arguments_go_before_the_reference", "a finalizer that has run is a reference while its arguments are destroyed",
        (FINALIZER, "void finalizer::end_claim(claimer by) noexcept {",
         "void finalizer::end_claim(claimer by) noexcept {\n  if (MUTATED && claimed_alone_) discard();")),
    Mutation(
        "atexit_outlives_the_finalizer", "atexit of a dead finalizer is true",
        (FINALIZER, "return alive_ && atexit_;", "return (alive_ || MUTATED) && atexit_;")),
    Mutation(
        "peek_detaches", "peek() makes the finalizer dead",
        ("reference/finalize.cppm", "    if (!look()) return std::nullopt;",
         "    if (MUTATED) return take();\n    if (!look()) return std::nullopt;")),
]
