"""The report's own words, in English and Korean. Nothing that a run found is written here."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Literal

Language = Literal["en", "ko"]

STRINGS: dict[str, tuple[str, str]] = {
    # --- headings ---------------------------------------------------------------------------------------------------
    "report": ("Research report", "연구 보고서"),
    "contents": ("Contents", "차례"),
    "goal": ("Goal", "목표"),
    "understood": ("What was understood", "이해한 내용"),
    "found": ("What was found", "결과 요약"),
    "hypotheses": ("Hypotheses", "가설"),
    "experiments": ("Experiment plans", "실험 계획"),
    "candidates": ("Candidates", "후보"),
    "figures": ("Figures", "그림"),
    "plan": ("How it was done", "수행 과정"),
    "evidence": ("Evidence", "근거"),
    "references": ("Sources cited", "인용한 출처"),
    "provenance": ("Provenance", "출처와 재현"),
    "limits": ("What this report cannot say", "이 보고서의 한계"),
    # --- the brief --------------------------------------------------------------------------------------------------
    "constraints": ("Constraints", "제약 조건"),
    "objectives": ("Objectives", "목적"),
    "entities": ("Named in the goal", "목표에 나온 대상"),
    "assumptions": ("Notes and assumptions", "참고와 가정"),
    "answers": ("Answered by the researcher", "연구자의 답변"),
    "options": ("Options", "선택 사항"),
    "wanted": ("Wanted", "요청한 개수"),
    "missing": ("Still missing", "아직 필요한 정보"),
    "recalled": ("Already known to the lab", "이전에 알던 내용"),
    "no_brief": ("The goal was not interpreted.", "목표가 해석되지 않았습니다."),
    "no_constraint": ("none stated", "명시되지 않음"),
    "as_written": ("as written", "원문"),
    "maximise": ("as high as possible", "최대화"),
    "minimise": ("as low as possible", "최소화"),
    "target": ("close to {value}", "{value}에 가깝게"),
    "not_resolved": ("not resolved", "확인하지 못함"),
    "from_source": ("from {source}", "출처: {source}"),
    "the_goal": ("the goal", "목표"),
    # --- the verdict ------------------------------------------------------------------------------------------------
    "v_feasible": (
        "{met} of {n} candidates meet every constraint.",
        "후보 {n}개 중 {met}개가 모든 제약 조건을 만족합니다.",
    ),
    "v_none_feasible": (
        "None of the {n} candidates meets every constraint.",
        "후보 {n}개 중 모든 제약 조건을 만족하는 것이 없습니다.",
    ),
    "v_nearest": ("{best} comes nearest: {reason}.", "{best}이(가) 가장 가깝습니다: {reason}."),
    "v_unjudged": ("{n} could not be judged: {reason}.", "{n}개는 판정하지 못했습니다: {reason}."),
    "v_examined": ("{n} candidates were examined.", "후보 {n}개를 검토했습니다."),
    "v_no_candidates": ("No candidate was found.", "후보를 찾지 못했습니다."),
    "v_answer": ("Answer: {answer}. {because}", "답: {answer}. {because}"),
    "v_said": ("{step}: {summary}.", "{step}: {summary}."),
    "v_withheld": ("{n} withheld: {reason}.", "{n}개 비공개: {reason}."),
    "v_best": ("The best of them is {best}: {values}.", "그중 가장 나은 것은 {best}입니다: {values}."),
    "v_best_bare": ("The best of them is {best}.", "그중 가장 나은 것은 {best}입니다."),
    "v_first": ("The first of them is {best}: {values}.", "순위 첫째는 {best}입니다: {values}."),
    "v_first_bare": ("The first of them is {best}.", "순위 첫째는 {best}입니다."),
    "v_hypotheses": (
        "{n} hypotheses were formed. Rated highest is {top}",
        "가설 {n}개를 세웠습니다. 평점이 가장 높은 것은 {top}",
    ),
    "v_hypothesis": ("One hypothesis was formed, {top}", "가설 하나를 세웠습니다, {top}"),
    "v_dropped": ("The critique dropped {n} more, with reasons.", "비판에서 {n}개를 더 제외했으며 이유를 적었습니다."),
    "v_no_hypotheses": ("No hypothesis was formed.", "가설을 세우지 못했습니다."),
    "v_experiments": (
        "{n} experiment plans are ready to carry out; the first is {first} (samples: {samples}).",
        "실험 계획 {n}개가 준비되었습니다. 첫째는 {first} (시료 {samples}개).",
    ),
    "v_experiment": (
        "One experiment plan is ready to carry out, {first} (samples: {samples}).",
        "실험 계획 1개가 준비되었습니다, {first} (시료 {samples}개).",
    ),
    "v_gaps": (
        "{n} of {all} steps brought nothing, failed or did not run: {list}.",
        "전체 {all}단계 중 {n}단계는 결과가 없거나, 실패했거나, 실행되지 않았습니다: {list}.",
    ),
    "v_unverified": (
        "{n} figures in the prose are not supported by any evidence and are marked as unverified.",
        "본문의 수치 {n}개는 근거가 없어 미검증으로 표시했습니다.",
    ),
    "v_running": ("The run is not finished; this is what it has so far.", "아직 진행 중이며, 지금까지의 결과입니다."),
    "v_stopped": ("The run was stopped before its end: {reason}", "실행이 끝나기 전에 멈췄습니다: {reason}"),
    "v_failed": ("The run failed: {reason}", "실행이 실패했습니다: {reason}"),
    "v_waiting": ("The run waits for an answer: {reason}", "답변을 기다리고 있습니다: {reason}"),
    "no_reason": ("no reason was given.", "이유가 기록되지 않았습니다."),
    # --- hypotheses -------------------------------------------------------------------------------------------------
    "mechanism": ("Mechanism", "메커니즘"),
    "prediction": ("Prediction", "예측"),
    "refuted_by": ("Refuted by", "반증 조건"),
    "scope": ("Scope", "적용 범위"),
    "subjects": ("About", "대상"),
    "kind": ("Kind", "종류"),
    "for": ("Evidence for", "지지 근거"),
    "against": ("Evidence against", "반대 근거"),
    "nothing_for": ("Nothing found that supports it.", "지지하는 근거를 찾지 못했습니다."),
    "nothing_against": (
        "Nothing found that speaks against it; that is not the same as support.",
        "반대하는 근거를 찾지 못했습니다. 이는 지지 근거가 아닙니다.",
    ),
    "rating": ("Rating", "평점"),
    "interval": ("confidence interval", "신뢰 구간"),
    "rank": ("Rank", "순위"),
    "not_rated": ("not rated", "평가되지 않음"),
    "novelty": ("Novelty", "새로움"),
    "novel": ("novel", "새로움"),
    "known": ("known", "알려짐"),
    "unknown": ("unknown", "알 수 없음"),
    "weight": ("weight", "가중치"),
    "effect": ("expected effect {value}", "예상 효과 {value}"),
    "spread": ("spread of one measurement {value}", "측정 1회의 표준편차 {value}"),
    "unverified": ("unverified: no evidence supports this figure", "미검증: 이 수치를 뒷받침하는 근거가 없습니다"),
    "unverified_word": ("unverified", "미검증"),
    "unknown_source": (
        "unverified: its source {source} is not in this bundle",
        "미검증: 출처 {source}이(가) 이 묶음에 없습니다",
    ),
    "figure_from": ("from {source}", "출처 {source}"),
    "comparisons": ("The pairwise comparisons", "쌍대 비교"),
    "beats": ("{winner} over {loser}", "{winner} > {loser}"),
    "tie": ("{first} and {second}: a tie", "{first}와 {second}: 무승부"),
    "judged_by": ("judged by {judge}", "판정: {judge}"),
    "prior": ("Prior", "사전 확률"),
    "prior_note": ("probability of being true before any experiment", "실험 전 참일 확률"),
    "test_cost": ("Cost to test", "검증 비용"),
    "test_risk": ("Risk of the test", "검증 위험"),
    "critique": ("Critique", "비판"),
    "criticised_by": ("by {judge}", "비판: {judge}"),
    "counterargument": ("The strongest argument against it", "가장 강한 반론"),
    "alternatives": ("Other explanations", "다른 설명"),
    "confounders": ("Varies along with the supposed cause", "함께 변하는 요인"),
    "o_kept": ("kept", "유지"),
    "o_sharpened": ("sharpened", "정교화"),
    "o_merged": ("merged", "병합"),
    "o_dropped": ("dropped", "제외"),
    "origin": ("Follows from", "앞선 가설"),
    "merged_from": ("Merged into it", "병합된 가설"),
    "dropped": ("Dropped by the critique", "비판에서 제외된 가설"),
    "researcher": ("Researcher", "연구자"),
    "op_accepted": ("accepted", "채택"),
    "op_rejected": ("rejected", "기각"),
    "op_open": ("open", "보류"),
    "no_hypotheses": ("No hypothesis was formed from the evidence.", "근거로부터 세운 가설이 없습니다."),
    # --- experiments ------------------------------------------------------------------------------------------------
    "tests": ("Tests", "검증 대상"),
    "hazards": ("Hazards", "위험 요소"),
    "no_hazards": (
        "No hazard is listed. That is not a statement of safety.",
        "기재된 위험 요소가 없습니다. 안전하다는 뜻은 아닙니다.",
    ),
    "factors": ("Factors", "요인"),
    "levels": ("Levels", "수준"),
    "unit": ("Unit", "단위"),
    "controls": ("Controls", "대조군"),
    "replicates": ("Replicates", "반복 수"),
    "sample_size": ("Sample size", "총 시료 수"),
    "power": ("Power", "검정력"),
    "not_computed": ("not computed", "계산하지 않음"),
    "basis": ("Basis", "산출 근거"),
    "procedure": ("Procedure", "절차"),
    "measurements": ("Measurements", "측정"),
    "quantity": ("Quantity", "물리량"),
    "method": ("Method", "방법"),
    "decision_rule": ("Decision rule, fixed in advance", "사전에 정한 판정 규칙"),
    "materials": ("Materials", "재료"),
    "cost": ("Cost", "비용"),
    "duration": ("Duration", "소요 시간"),
    "protocol_file": ("Protocol file", "프로토콜 파일"),
    "design": ("Design", "실험 설계"),
    "stopping_rule": ("When to stop", "중단 규칙"),
    "samples": ("All {n} samples, in order of measurement (unblinded)", "측정 순서의 전체 시료 {n}개 (눈가림 해제)"),
    "sample_columns": (
        "sample|code|arm|item|role|replicate|block|well",
        "시료|코드|군|항목|역할|반복|블록|웰",
    ),
    "waste": ("Waste", "폐기물"),
    "robot": ("Robot protocol", "로봇 프로토콜"),
    "bench_files": ("For the bench", "실험대에서 쓸 파일"),
    "no_experiments": ("No experiment plan was made.", "작성된 실험 계획이 없습니다."),
    # --- rounds -----------------------------------------------------------------------------------------------------
    "rounds": ("Rounds of measurement", "측정 회차"),
    "rounds_note": (
        "What was believed, what was measured, and what changed; the rules were fixed before the results came.",
        "무엇을 믿었고, 무엇을 측정했으며, 무엇이 바뀌었는지입니다. 판정 규칙은 결과가 나오기 전에 정했습니다.",
    ),
    "was": ("Was", "이전"),
    "became": ("Is", "현재"),
    "probability": ("Probability", "확률"),
    "factor": ("log10 Bayes factor", "log10 베이즈 인자"),
    "results": ("Results", "결과"),
    "results_line": (
        "{told} of {all} samples told, {failed} failed",
        "시료 {all}개 중 {told}개 입력, {failed}개 실패",
    ),
    "b_untested": ("untested", "미검증 가설"),
    "b_supported": ("supported", "지지됨"),
    "b_refuted": ("refuted", "반증됨"),
    "b_undecided": ("undecided", "미결정"),
    "next_steps": ("What follows", "다음 단계"),
    "round_waits": ("No results yet.", "아직 결과가 없습니다."),
    "v_beliefs": (
        "{n} results were measured: {supported} hypotheses are supported, {refuted} refuted, {undecided} undecided.",
        "결과 {n}개를 측정했습니다: 지지된 가설 {supported}개, 반증된 가설 {refuted}개, 미결정 {undecided}개.",
    ),
    "l_measured": (
        "Values of candidates were computed or estimated; what was measured stands under the rounds of measurement, "
        "with the rule that decided. A Bayes factor assumes independent, roughly normal results.",
        "후보의 값은 계산하거나 추정한 것이며, 측정한 값은 측정 회차에 판정 규칙과 함께 있습니다. "
        "베이즈 인자는 독립적이고 대략 정규분포인 결과를 가정합니다.",
    ),
    # --- candidates -------------------------------------------------------------------------------------------------
    "structure": ("Structure", "구조"),
    "name": ("Name", "이름"),
    "score": ("Score", "점수"),
    "feasible": ("Meets all", "조건 충족"),
    "yes": ("yes", "예"),
    "no": ("no", "아니요"),
    "reason": ("Reason", "이유"),
    "met": ("meets its constraint", "제약 조건 만족"),
    "unmet": ("violates its constraint", "제약 조건 위반"),
    "legend": (
        "Each value links to the evidence that it comes from.",
        "각 값은 그 출처가 되는 근거로 연결됩니다.",
    ),
    "all_columns": ("Show all {n} columns", "{n}개 열 모두 보기"),
    "more_drawings": ("{n} more drawings", "그림 {n}개 더 보기"),
    "more_rows": (
        "{n} more candidates are in candidates.csv.",
        "나머지 후보 {n}개는 candidates.csv에 있습니다.",
    ),
    "no_candidates": ("No candidate was found.", "찾은 후보가 없습니다."),
    "file": ("file", "파일"),
    "sort_by": ("Sort by {column}", "{column} 기준 정렬"),
    # --- figures ----------------------------------------------------------------------------------------------------
    "fig_box": (
        "{y} against {x}. The shaded region meets the constraints shown; hollow points are candidates that miss one.",
        "{x}에 대한 {y}. 음영 영역이 제약 조건을 만족하며, 빈 점은 조건을 벗어난 후보입니다.",
    ),
    "fig_plain": ("{y} against {x}, one point per candidate.", "{x}에 대한 {y}, 점 하나가 후보 하나입니다."),
    "fig_pareto": (
        "{y} against {x}. The line is the Pareto front of those that meet every constraint.",
        "{x}에 대한 {y}. 선은 모든 제약 조건을 만족하는 후보들의 파레토 경계입니다.",
    ),
    "fig_distributions": (
        "Distribution over the candidates; shaded where the constraint is met, a triangle marks the first in rank.",
        "후보들의 분포. 음영은 제약 조건을 만족하는 범위, 삼각형은 순위 첫째 후보입니다.",
    ),
    "desirability": ("desirability", "바람직함"),
    "fig_desirability": (
        "Desirability curves: what the score makes of each value. The score is the weighted geometric mean over the "
        "objectives and the margins to the constraints. Hollow points miss a constraint, the triangle is the first in "
        "rank; what was not measured counts as the worst.",
        "바람직함 곡선: 점수가 각 값을 어떻게 평가하는지 보여 줍니다. 점수는 목적과 제약 조건의 여유에 대한 "
        "가중 기하 평균입니다. "
        "빈 점은 조건을 벗어난 후보, 삼각형은 순위 첫째 후보이며, 측정되지 않은 값은 가장 나쁜 값으로 봅니다.",
    ),
    "fig_desirability_more": ("{n} more curves are not drawn.", "곡선 {n}개는 그리지 않았습니다."),
    "fig_plan": (
        "The plan: what was computed, and what each step needed. Every box leads to its evidence.",
        "계획: 각 단계와 그 의존 관계. 상자를 누르면 근거로 이동합니다.",
    ),
    "count": ("candidates", "후보 수"),
    # --- the plan and evidence --------------------------------------------------------------------------------------
    "rationale": ("Rationale", "계획의 이유"),
    "no_steps": ("No step was planned.", "계획된 단계가 없습니다."),
    "not_run": ("Steps without evidence", "근거가 없는 단계"),
    "reviews": ("Reviews of the evidence", "근거 검토"),
    "round": ("Round {n}", "{n}차"),
    "arguments": ("Arguments", "인자"),
    "values": ("Values", "값"),
    "artifacts": ("Files", "파일"),
    "whole_result": ("the whole result", "전체 결과"),
    "citations": ("Passages", "구절"),
    "warnings": ("Warnings", "경고"),
    "remedy": ("What to do", "해결 방법"),
    "cached": ("from the cache", "캐시"),
    "no_evidence": ("No step has brought evidence.", "근거를 낸 단계가 없습니다."),
    "source_doi": ("published value", "문헌 값"),
    "source_method": ("setting of a written method", "작성된 방법의 설정값"),
    "source_tool": ("computed by a tool outside the plan", "계획 밖 도구 계산"),
    "page": ("p. {n}", "{n}쪽"),
    "s_ok": ("ok", "성공"),
    "s_empty": ("empty", "결과 없음"),
    "s_error": ("error", "오류"),
    "s_skipped": ("skipped", "건너뜀"),
    "s_cancelled": ("cancelled", "취소됨"),
    "s_pending": ("pending", "대기"),
    "s_running": ("running", "실행 중"),
    "r_running": ("running", "진행 중"),
    "r_finished": ("finished", "완료"),
    "r_stopped": ("stopped", "중단됨"),
    "r_failed": ("failed", "실패"),
    "r_waiting": ("waiting", "답변 대기"),
    # --- provenance -------------------------------------------------------------------------------------------------
    "run": ("Run", "실행"),
    "status": ("Status", "상태"),
    "reasoner": ("Reasoner", "추론기"),
    "no_model": (
        "no model: the playbook reasoner, by written rules",
        "모델 없음: 작성된 규칙을 따르는 플레이북 추론기",
    ),
    "with_model": ("{reasoner}, with the model {model}", "{reasoner}, 모델 {model}"),
    "seed": ("Random seed", "난수 시드"),
    "network": ("Network", "네트워크"),
    "offline": ("offline: nothing was fetched", "오프라인: 내려받은 것 없음"),
    "online": ("network access was allowed", "네트워크 접속이 허용됨"),
    "started": ("Started", "시작"),
    "finished": ("Finished", "종료"),
    "spent": ("Spent", "사용량"),
    "spent_line": (
        "{seconds} s, {calls} tool calls, {cached} from the cache",
        "{seconds}초, 도구 호출 {calls}회, 캐시 {cached}회",
    ),
    "spent_model": (
        "{input} tokens read, {output} written, {cost} USD",
        "입력 토큰 {input}개, 출력 토큰 {output}개, {cost} USD",
    ),
    "attachments": ("Attachments", "첨부"),
    "versions": ("Versions", "버전"),
    "screen": ("Hazard screen of the goal", "목표의 위험 심사"),
    "screen_match": ("match", "해당함"),
    "screen_no match": ("no match", "해당 없음"),
    "screen_not screened": ("not screened", "심사하지 않음"),
    "screen_covers": ("It covers: {covers}", "심사 범위: {covers}"),
    "screen_meaning": ("No match is not a statement of safety.", "해당 없음은 안전하다는 뜻이 아닙니다."),
    "replay": ("Replay", "재현"),
    "replay_line": (
        "runs every tool again and compares the values.",
        "명령으로 모든 도구를 다시 실행해 값을 비교합니다.",
    ),
    "machine_readable": ("In machine-readable form", "기계 판독용 파일"),
    # --- limits -----------------------------------------------------------------------------------------------------
    "l_computed": (
        "Every value here was computed or estimated from a structure, a sequence or a text; nothing was measured in "
        "this run. Only the experiments can decide.",
        "여기의 모든 값은 구조, 서열 또는 문헌에서 계산하거나 추정한 것이며, 이번 실행에서 측정한 것은 없습니다. "
        "판정은 실험만이 할 수 있습니다.",
    ),
    "l_rdkit": (
        "logP, solubility (ESOL), drug-likeness and synthetic accessibility are group-contribution or fitted scores "
        "with errors of the order of half to one log unit for the logarithmic ones.",
        "logP, 용해도(ESOL), 약물 유사성, 합성 용이성은 기여법 또는 회귀 점수이며, "
        "로그 값의 오차는 대략 0.5~1 단위입니다.",
    ),
    "l_admet": (
        "ADMET values are predictions of a pretrained model; they say nothing about compounds far from its training "
        "set.",
        "ADMET 값은 사전 학습 모델의 예측이며, 학습 범위를 벗어난 화합물에는 적용할 수 없습니다.",
    ),
    "l_chgnet": (
        "Energies, forces and moduli come from a pretrained potential in place of a density-functional calculation; "
        "differences of a few tens of meV per atom are within its error.",
        "에너지, 힘, 탄성률은 밀도범함수 계산 대신 사전 학습 포텐셜로 얻었으며, "
        "원자당 수십 meV의 차이는 오차 범위입니다.",
    ),
    "l_pymatgen": (
        "Crystal data describe an ideal, defect-free lattice.",
        "결정 자료는 결함이 없는 이상적인 격자를 가정합니다.",
    ),
    "l_sequence": (
        "Sequence properties follow from composition and nearest-neighbour rules; folding and context are not "
        "modelled.",
        "서열 특성은 조성과 최근접 이웃 규칙에서 계산했으며, 접힘과 맥락은 고려하지 않았습니다.",
    ),
    "l_novelty": (
        "Novelty was judged against the sources named with each hypothesis only; 'unknown' means that no search could "
        "decide.",
        "새로움은 각 가설에 적힌 출처에 대해서만 판정했으며, '알 수 없음'은 검색으로 판정할 수 없었다는 뜻입니다.",
    ),
    "l_rating": (
        "Ratings order the hypotheses among themselves; they are not probabilities of being true.",
        "평점은 가설들 사이의 순서를 나타낼 뿐, 참일 확률이 아닙니다.",
    ),
    "l_prior": (
        "Priors follow a written rule from published errors and conventions; they are starting points for results to "
        "update, and no measurements.",
        "사전 확률은 문헌의 오차와 관례에 따른 규칙으로 계산한 출발점이며, 측정값이 아닙니다.",
    ),
    "l_gap": (
        "{id} ({tool}) {status}: {summary}",
        "{id} ({tool}) {status}: {summary}",
    ),
}  # fmt: skip


@cache
def words(language: Language = "en") -> SimpleNamespace:
    """The report's words in a language.

    Args:
        language: ``en`` or ``ko``.

    Returns:
        One attribute per key of `STRINGS`.
    """
    position = 0 if language == "en" else 1
    return SimpleNamespace(**{key: pair[position] for key, pair in STRINGS.items()})
