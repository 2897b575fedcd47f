//! The driver: workers, queues, deposits in order, resume, pause. (owner: helper-2, in work)
