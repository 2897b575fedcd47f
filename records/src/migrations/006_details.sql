-- Details are codes with arguments from here on, as JSON in the columns that held sentences. No table changes; the rows
-- are converted by the step that runs with this migration (store/former_details_sql.rs).
SELECT 1;
